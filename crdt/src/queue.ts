import type { EntryId, QueueEntryId, RecordingId, ReleaseId, TrackId, ArtistId } from './ids.ts'

// The queue: what is playing, what was played, what comes next. Rules [Q1] to [Q12] in ../SPEC.md.

/** What was played to fill the queue: a release, an artist, a playlist, or a list of tracks. */
export type Context =
  | { readonly kind: 'release'; readonly id: ReleaseId }
  | { readonly kind: 'artist'; readonly id: ArtistId }
  /** The id of the playlist, which its entries in the root and its document have. */
  | { readonly kind: 'playlist'; readonly id: EntryId }
  | { readonly kind: 'tracks' }

/** One entry of the queue. */
export type QueueEntry = {
  readonly id: QueueEntryId
  readonly trackId: TrackId
  readonly recordingId: RecordingId
  /** Queued by a person, or part of the context. */
  readonly origin: 'person' | 'context'
  /** Index in the context before shuffling; 0 for entries that a person queued. */
  readonly contextOrder: number
}

/** `one` repeats the current entry when its track ends; `all` goes from the last entry to the first. */
export type Repeat = 'off' | 'all' | 'one'

/**
 * The queue, an immutable value. Entries are in playing order: those before the current one are history. `currentId` is the id of an entry, or undefined.
 */
export type Queue = {
  readonly entries: readonly QueueEntry[]
  readonly currentId: QueueEntryId | undefined
  readonly context: Context | undefined
  readonly isShuffled: boolean
  readonly repeat: Repeat
}

/** A queue without entries, as on a new device. */
export const emptyQueue: Queue = {
  entries: [],
  currentId: undefined,
  context: undefined,
  isShuffled: false,
  repeat: 'off',
}

/** A random whole number from 0 to `below` − 1, all equally likely. */
export type Draw = (below: number) => number

/** Index of the current entry; −1 when there is none. */
export const currentIndex = (queue: Queue): number => queue.entries.findIndex((entry) => entry.id === queue.currentId)
/** The current entry; undefined when there is none. */
export const currentEntry = (queue: Queue): QueueEntry | undefined => queue.entries[currentIndex(queue)]
const playedEntries = (queue: Queue): readonly QueueEntry[] => queue.entries.slice(0, Math.max(0, currentIndex(queue)))
/** The entries after the current one; all of them when there is no current entry. */
export const upcomingEntries = (queue: Queue): readonly QueueEntry[] => queue.entries.slice(currentIndex(queue) + 1)

/**
 * [Q1] Replaces the entries of the context. What a person queued and did not play yet stays, after the new current entry. `startId` undefined: the first
 * entry, or a random one when shuffled.
 */
export const playContext = (
  queue: Queue,
  start: { context: Context; entries: readonly QueueEntry[]; startId: QueueEntryId | undefined },
  draw: Draw,
): Queue => {
  const kept = upcomingEntries(queue).filter((entry) => entry.origin === 'person')
  const startId =
    start.startId ?? (queue.isShuffled ? start.entries[draw(Math.max(1, start.entries.length))] : start.entries[0])?.id
  const began: Queue = { ...queue, context: start.context, entries: start.entries, currentId: startId }
  const ordered = queue.isShuffled ? shuffled(began, draw) : began
  return insertAfterCurrent(ordered, kept)
}

/** [Q2] Inserts entries after the current one, in their order. With no current entry the first of them becomes current. */
export const playNext = (queue: Queue, entries: readonly QueueEntry[]): Queue =>
  startIfIdle(insertAfterCurrent(queue, entries), entries)

/** [Q3] Inserts entries after the person's entries that directly follow the current one. With no current entry the first of them becomes current. */
export const addToQueue = (queue: Queue, entries: readonly QueueEntry[]): Queue => {
  const after = currentIndex(queue) + 1
  const waiting = queue.entries.slice(after)
  const own = waiting.findIndex((entry) => entry.origin === 'context')
  const place = own < 0 ? queue.entries.length : after + own
  return startIfIdle({ ...queue, entries: queue.entries.toSpliced(place, 0, ...entries) }, entries)
}

/** [Q4] Removes an entry. When it is the current one, the following entry becomes current, or none at the end. An unknown id changes nothing. */
export const removeEntry = (queue: Queue, id: QueueEntryId): Queue => {
  const index = queue.entries.findIndex((entry) => entry.id === id)
  if (index < 0) return queue
  const entries = queue.entries.toSpliced(index, 1)
  return { ...queue, entries, currentId: id === queue.currentId ? entries[index]?.id : queue.currentId }
}

/** [Q5] Moves an entry to an index of the whole list; an index outside is clamped. The current entry stays current. */
export const moveEntry = (queue: Queue, id: QueueEntryId, toIndex: number): Queue => {
  const from = queue.entries.findIndex((entry) => entry.id === id)
  const moved = queue.entries[from]
  if (moved === undefined) return queue
  const rest = queue.entries.toSpliced(from, 1)
  return { ...queue, entries: rest.toSpliced(Math.max(0, Math.min(rest.length, toIndex)), 0, moved) }
}

/**
 * [Q6] The entry to play after the current one; undefined: stop. `ended`: the track ended by itself, so repeat one gives the same entry. `command`: a person's command.
 */
export const nextEntry = (queue: Queue, cause: 'command' | 'ended'): QueueEntry | undefined => {
  if (cause === 'ended' && queue.repeat === 'one') return currentEntry(queue)
  const following = queue.entries[currentIndex(queue) + 1]
  if (following !== undefined) return following
  return queue.repeat === 'off' ? undefined : queue.entries[0]
}

/** [Q7] The entry before the current one; with repeat all, the last entry comes before the first. Undefined when there is none. */
export const previousEntry = (queue: Queue): QueueEntry | undefined =>
  queue.entries[currentIndex(queue) - 1] ?? (queue.repeat === 'all' ? queue.entries.at(-1) : undefined)

/** [Q10] Past this position in the current entry, Previous goes back to its start. */
const restartAfterMs = 3_000

/** [Q10] What the command Previous plays when the current entry is at `positionMs`: another entry, or the start of the current one. */
export const previousTarget = (queue: Queue, positionMs: number): QueueEntry | 'start' =>
  positionMs > restartAfterMs ? 'start' : (previousEntry(queue) ?? 'start')

/** Makes an entry the current one; an unknown id changes nothing. */
export const goTo = (queue: Queue, id: QueueEntryId): Queue =>
  queue.entries.some((entry) => entry.id === id) ? { ...queue, currentId: id } : queue

/**
 * [Q8] Shuffles the entries of the context (current entry first, then the person's, then a uniform permutation), or restores their order.
 * What a person queued and already played goes to the front.
 */
export const setShuffle = (queue: Queue, isShuffled: boolean, draw: Draw): Queue => {
  if (isShuffled === queue.isShuffled) return queue
  return isShuffled ? shuffled(queue, draw) : unshuffled(queue)
}

/** Sets the repeat mode; entries stay as they are. */
export const setRepeat = (queue: Queue, repeat: Repeat): Queue => ({ ...queue, repeat })

/** [Q9] Removes the entries after the current one. */
export const clearUpcoming = (queue: Queue): Queue => ({
  ...queue,
  entries: queue.entries.slice(0, currentIndex(queue) + 1),
})

/**
 * [Q12] Adds further entries of the context: `last` after its last entry in the queue, in random order when shuffled; `first` before everything, as if they were
 * played. The current entry stays current.
 */
export const extendContext = (
  queue: Queue,
  { entries, end }: { readonly entries: readonly QueueEntry[]; readonly end: 'first' | 'last' },
  draw: Draw,
): Queue => {
  const last = queue.entries.findLastIndex((entry) => entry.origin === 'context')
  const place = end === 'first' ? 0 : last < 0 ? queue.entries.length : last + 1
  const added = queue.isShuffled ? permuted(entries, draw) : entries
  return { ...queue, entries: queue.entries.toSpliced(place, 0, ...added) }
}

const insertAfterCurrent = (queue: Queue, entries: readonly QueueEntry[]): Queue => ({
  ...queue,
  entries: queue.entries.toSpliced(currentIndex(queue) + 1, 0, ...entries),
})

const startIfIdle = (queue: Queue, entries: readonly QueueEntry[]): Queue =>
  queue.currentId === undefined ? { ...queue, currentId: entries[0]?.id } : queue

const shuffled = (queue: Queue, draw: Draw): Queue => {
  const current = currentEntry(queue)
  const own = upcomingEntries(queue).filter((entry) => entry.origin === 'person')
  const others = queue.entries.filter((entry) => entry.origin === 'context' && entry !== current)
  return {
    ...queue,
    isShuffled: true,
    entries: [...playedByPerson(queue), ...(current === undefined ? [] : [current]), ...own, ...permuted(others, draw)],
  }
}

const unshuffled = (queue: Queue): Queue => {
  const current = currentEntry(queue)
  const own = upcomingEntries(queue).filter((entry) => entry.origin === 'person')
  const context = queue.entries
    .filter((entry) => entry.origin === 'context')
    .toSorted((a, b) => a.contextOrder - b.contextOrder)
  const place = current?.origin === 'context' ? context.indexOf(current) + 1 : 0
  const ownCurrent = current?.origin === 'person' ? [current] : []
  return {
    ...queue,
    isShuffled: false,
    entries: [...playedByPerson(queue), ...context.toSpliced(place, 0, ...ownCurrent, ...own)],
  }
}

const playedByPerson = (queue: Queue): QueueEntry[] => playedEntries(queue).filter((entry) => entry.origin === 'person')

/** Fisher–Yates. */
const permuted = (entries: readonly QueueEntry[], draw: Draw): QueueEntry[] => {
  const order = [...entries]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const chosen = draw(last + 1)
    const [a, b] = [order[last], order[chosen]]
    if (a !== undefined && b !== undefined) [order[last], order[chosen]] = [b, a]
  }
  return order
}
