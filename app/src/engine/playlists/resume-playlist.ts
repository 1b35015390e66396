import type { Queue, QueueEntry } from '@tonestead/crdt/queue'
import type { Readable } from '../readable.ts'
import { inRandomOrder, playOn, rowsOf, upcomingOf, type PlayOnDeps, type Rest, type Row } from './play-on.ts'
import type { OpenPlaylist, PlaylistState, Playlists } from './playlists.ts'

type Deps = Omit<PlayOnDeps, 'playlists'> & {
  readonly playlists: PlayOnDeps['playlists'] & Pick<Playlists, 'playlist'>
  /** As that of `inRandomOrder`. */
  readonly random: () => number
}

/** Entries of the queue that are compared with the playlist. */
const compared = 20

/**
 * [PY12] A queue that a reload restored has a part of its playlist only: gets the rest, when the playlist is read. Not when the playlist is in another order than it was
 * played in. `restored`: the context that was restored; nothing happens once something else is played.
 */
export const resumePlaylist = (deps: Deps, restored: Queue['context']): void => {
  const { player, playlists } = deps
  if (restored?.kind !== 'playlist') return
  whenOpen(playlists.playlist(restored.id), (playlist) => {
    const { queue } = player.view.get()
    // The songs to come were cleared before the reload.
    if (upcomingOf(queue) === 0) return
    const rest = queue.context === restored ? restOf(queue, rowsOf(playlist.entries), deps.random) : undefined
    if (rest !== undefined) playOn(deps, rest)
  })
}

/** Calls `act` once. What is missing or cannot be read is not waited for. */
const whenOpen = (state: Readable<PlaylistState>, act: (playlist: OpenPlaylist) => void): void => {
  const ending = new AbortController()
  const look = (): void => {
    const now = state.get()
    if (now.kind === 'loading' || ending.signal.aborted) return
    ending.abort()
    if (now.kind === 'open') act(now)
  }
  ending.signal.addEventListener('abort', state.subscribe(look), { once: true })
  look()
}

/** Undefined when the queue was not made of these rows. */
const restOf = ({ entries, isShuffled }: Queue, rows: readonly Row[], random: () => number): Rest | undefined => {
  const queued = entries.filter(({ origin }) => origin === 'context')
  const orders = queued.map(({ contextOrder }) => contextOrder)
  if (queued.length === 0 || !queued.slice(-compared).every((entry) => isOfRow(entry, rows[entry.contextOrder])))
    return undefined
  const isQueued = new Set(orders)
  if (isShuffled) {
    const others = rows.filter(({ order }) => !isQueued.has(order))
    return { before: [], after: inRandomOrder(others, random) }
  }
  const [first, last] = [Math.min(...orders), Math.max(...orders)]
  return { before: rows.slice(0, first), after: rows.slice(last + 1) }
}

const isOfRow = ({ trackId }: QueueEntry, row: Row | undefined): boolean => row?.entry.item?.track.trackId === trackId
