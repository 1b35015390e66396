import type { PlaylistEntry } from '@tonestead/crdt/playlists/playlist-document'
import { upcomingEntries, type Queue } from '@tonestead/crdt/queue'
import type { Track } from '@tonestead/protocol/catalog'
import type { Log } from '../../ports/log.ts'
import type { Player } from '../playback/player.ts'
import type { Readable } from '../readable.ts'
import type { Playlists } from './playlists.ts'

/** An entry and its index in the order that is played. */
export type Row = { readonly entry: PlaylistEntry; readonly order: number }

type PlayOnDeps = {
  readonly player: Pick<Player, 'view' | 'extendContext'>
  readonly playlists: Pick<Playlists, 'known' | 'load'>
  readonly isOnline: Readable<boolean>
  readonly log: Log
}

/** What of a playlist is not in the queue yet: what comes after that which is, and then what comes before it. Each in the order of the playlist. */
export type Rest = { readonly after: readonly Row[]; readonly before: readonly Row[] }

/** Tracks that are loaded at once. */
export const slice = 200
/** More are loaded when fewer than this many songs of the playlist are to come. */
const fewUpcoming = 50

/**
 * [PY11] Adds the rest of a playlist to the queue that was begun with a part of it, as the playback comes near the end of what is there. It ends when something else
 * is played, or when the songs to come were cleared.
 */
export const playOn = (deps: PlayOnDeps, rest: Rest): void => {
  const { player, log } = deps
  const { context } = player.view.get().queue
  const ending = new AbortController()
  let seen = player.view.get().queue
  let { after, before } = rest
  let isLoading = false

  /** Whether there was an answer. */
  const extend = async (): Promise<boolean> => {
    const end = after.length > 0 ? 'last' : 'first'
    const rows = end === 'last' ? after.slice(0, slice) : before.slice(-slice)
    const playable = await loadRows(deps.playlists, rows, ending.signal)
    if (ending.signal.aborted || (playable.length === 0 && !deps.isOnline.get())) return false
    if (end === 'last') after = after.slice(slice)
    else before = before.slice(0, -slice)
    player.extendContext({
      tracks: playable.map(({ track }) => track),
      orders: playable.map(({ order }) => order),
      end,
    })
    return true
  }
  const extendOnce = async (): Promise<void> => {
    isLoading = true
    const isExtended = await extend().finally(() => (isLoading = false))
    // None of these songs may be there.
    if (isExtended) look()
  }
  const look = (): void => {
    const { queue } = player.view.get()
    const isOver = queue.context !== context || isCleared(seen, queue) || after.length + before.length === 0
    seen = queue
    if (isOver) return void ending.abort()
    if (isLoading || upcomingOf(queue) >= fewUpcoming) return
    void extendOnce().catch(log.failed('the rest of a playlist was not queued'))
  }
  ending.signal.addEventListener('abort', player.view.subscribe(look), { once: true })
  look()
}

const upcomingOf = (queue: Queue): number => upcomingEntries(queue).filter(({ origin }) => origin === 'context').length

/** Of several songs to come, none is left, and the same one is the current one. */
const isCleared = (before: Queue, now: Queue): boolean =>
  before.currentId === now.currentId && upcomingOf(before) > 1 && upcomingOf(now) === 0

/** The rows whose track can be had, with it. */
export const loadRows = async (
  playlists: Pick<Playlists, 'known' | 'load'>,
  rows: readonly Row[],
  signal: AbortSignal,
): Promise<readonly (Row & { readonly track: Track })[]> => {
  await playlists.load(
    rows.flatMap(({ entry }) => entry.item?.track ?? []),
    signal,
  )
  const { trackOf } = playlists.known.get()
  return rows.flatMap((row) => {
    const track = row.entry.item && trackOf(row.entry.item.track)
    return track === undefined ? [] : [{ ...row, track }]
  })
}
