import type { QueueEntryId, RecordingId, ReleaseId, TrackId, ArtistId } from './ids.ts'

// The queue: what sounds, what sounded, what comes. Rules Q1 to Q10 in ../SPEC.md.

/** What feeds the queue. */
export type Context =
  | { readonly kind: 'release'; readonly id: ReleaseId }
  | { readonly kind: 'artist'; readonly id: ArtistId }
  | { readonly kind: 'tracks' }

export type QueueEntry = {
  readonly id: QueueEntryId
  readonly trackId: TrackId
  readonly recordingId: RecordingId
  /** Asked for by a person, or given by the context. */
  readonly origin: 'person' | 'context'
  /** Place in the context before any shuffling; 0 for a person's own entries. */
  readonly contextOrder: number
}

export type Repeat = 'off' | 'all' | 'one'

/** Entries stand in playing order: those before the current one are history. */
export type Queue = {
  readonly entries: readonly QueueEntry[]
  readonly currentId: QueueEntryId | undefined
  readonly context: Context | undefined
  readonly isShuffled: boolean
  readonly repeat: Repeat
}

export const emptyQueue: Queue = {
  entries: [],
  currentId: undefined,
  context: undefined,
  isShuffled: false,
  repeat: 'off',
}

/** Gives a whole number from 0 up to, not including, `below`. */
export type Draw = (below: number) => number

export const currentIndex = (queue: Queue): number => queue.entries.findIndex((entry) => entry.id === queue.currentId)
export const currentEntry = (queue: Queue): QueueEntry | undefined => queue.entries[currentIndex(queue)]
const heardEntries = (queue: Queue): readonly QueueEntry[] => queue.entries.slice(0, Math.max(0, currentIndex(queue)))
export const upcomingEntries = (queue: Queue): readonly QueueEntry[] => queue.entries.slice(currentIndex(queue) + 1)

/** [Q1] A context replaces the context's entries; what a person put into the queue and has not heard stays, right after the current entry. */
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

/** [Q2] "Play next" stands right after the current entry and its own order; with nothing current it becomes current. */
export const playNext = (queue: Queue, entries: readonly QueueEntry[]): Queue =>
  startIfIdle(insertAfterCurrent(queue, entries), entries)

/** [Q3] "Add to queue" stands after a person's other entries and before the rest of the context. */
export const addToQueue = (queue: Queue, entries: readonly QueueEntry[]): Queue => {
  const after = currentIndex(queue) + 1
  const waiting = queue.entries.slice(after)
  const own = waiting.findIndex((entry) => entry.origin === 'context')
  const place = own < 0 ? queue.entries.length : after + own
  return startIfIdle({ ...queue, entries: queue.entries.toSpliced(place, 0, ...entries) }, entries)
}

/** [Q4] Removing the current entry makes the next one current, or nothing at the end. Removing what is not there changes nothing. */
export const removeEntry = (queue: Queue, id: QueueEntryId): Queue => {
  const index = queue.entries.findIndex((entry) => entry.id === id)
  if (index < 0) return queue
  const entries = queue.entries.toSpliced(index, 1)
  return { ...queue, entries, currentId: id === queue.currentId ? entries[index]?.id : queue.currentId }
}

/** [Q5] Moves an entry to an index of the whole list, kept inside it; the current entry stays current. */
export const moveEntry = (queue: Queue, id: QueueEntryId, toIndex: number): Queue => {
  const from = queue.entries.findIndex((entry) => entry.id === id)
  const moved = queue.entries[from]
  if (moved === undefined) return queue
  const rest = queue.entries.toSpliced(from, 1)
  return { ...queue, entries: rest.toSpliced(Math.max(0, Math.min(rest.length, toIndex)), 0, moved) }
}

/** [Q6] What comes after the current entry: by a person's wish or because the track ended. Repeat one holds only the latter. Undefined: nothing more. */
export const nextEntry = (queue: Queue, cause: 'asked' | 'ended'): QueueEntry | undefined => {
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

/** [Q10] What the command Previous goes to when the current entry plays at `positionMs`: another entry, or the start of the current one. */
export const previousTarget = (queue: Queue, positionMs: number): QueueEntry | 'start' =>
  positionMs > restartAfterMs ? 'start' : (previousEntry(queue) ?? 'start')

export const goTo = (queue: Queue, id: QueueEntryId): Queue =>
  queue.entries.some((entry) => entry.id === id) ? { ...queue, currentId: id } : queue

/** [Q8] Shuffling touches only the context's entries: the current one first, then a fair permutation. Unshuffling restores the context's order around the current entry. What a person queued and has heard goes to the front. */
export const setShuffle = (queue: Queue, isShuffled: boolean, draw: Draw): Queue => {
  if (isShuffled === queue.isShuffled) return queue
  return isShuffled ? shuffled(queue, draw) : unshuffled(queue)
}

export const setRepeat = (queue: Queue, repeat: Repeat): Queue => ({ ...queue, repeat })

/** [Q9] Clears what comes; what sounds and what sounded stay. */
export const clearUpcoming = (queue: Queue): Queue => ({
  ...queue,
  entries: queue.entries.slice(0, currentIndex(queue) + 1),
})

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
    entries: [...heardOwn(queue), ...(current === undefined ? [] : [current]), ...own, ...permuted(others, draw)],
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
    entries: [...heardOwn(queue), ...context.toSpliced(place, 0, ...ownCurrent, ...own)],
  }
}

const heardOwn = (queue: Queue): QueueEntry[] => heardEntries(queue).filter((entry) => entry.origin === 'person')

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
