import { useEffect, useRef } from 'react'
import type { EntryId } from '@tonestead/crdt/ids'
import type { PlaylistEntry } from '@tonestead/crdt/playlists/playlist-document'
import { loadRows, playOn, slice, type Rest, type Row } from '../../engine/playlists/play-on.ts'
import { usePlayerView, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { goneText, offlineText } from '../tracks/use-track-actions.ts'
import { noteOf } from './entry-rows.ts'

/** Entries before the chosen one that are queued with it, for Previous. */
const before = 20

/** Plays a playlist in the order in which it is shown. */
export const usePlayPlaylist = (id: EntryId, entries: readonly PlaylistEntry[]) => {
  const { player, playlists, isOnline, log } = useServices()
  const { toasts } = useUiState()
  const { queue, state, current } = usePlayerView()
  const request = useRef<AbortController>(undefined)
  useEffect(() => () => request.current?.abort(), [])
  const context = { kind: 'playlist', id } as const
  const isHere = queue.context?.kind === 'playlist' && queue.context.id === id && state.kind !== 'idle'
  const isOn = isHere && (state.kind === 'playing' || state.kind === 'loading')

  /** Plays `rows` from the chosen one on, then the rest. */
  const start = async (rows: readonly Row[], rest: Rest, chosen: PlaylistEntry | undefined): Promise<void> => {
    request.current?.abort()
    const controller = new AbortController()
    request.current = controller
    const playable = await loadRows(playlists, rows, controller.signal)
    if (controller.signal.aborted) return
    const startAt = chosen === undefined ? undefined : playable.findIndex(({ entry }) => entry === chosen)
    if (playable.length === 0 || startAt === -1) {
      const title = (chosen ?? rows[0]?.entry)?.item?.track.title ?? 'This song'
      return void toasts.show(isOnline.get() ? goneText(title) : offlineText(title))
    }
    const orders = playable.map(({ order }) => order)
    // The object says later whether this is still what is played.
    player.playTracks({ context: { ...context }, tracks: playable.map(({ track }) => track), startAt, orders })
    playOn({ player, playlists, isOnline, log: log.child('ui') }, rest)
  }
  const startNow = (rows: readonly Row[], rest: Rest, chosen?: PlaylistEntry): void =>
    void start(rows, rest, chosen).catch(log.child('ui').failed('a playlist was not played'))
  const startAtRow = (row: number): void => {
    const rows = rowsOf(entries)
    const first = Math.max(0, Math.min(row - before, rows.length - slice))
    const rest = { before: rows.slice(0, first), after: rows.slice(first + slice) }
    startNow(rows.slice(first, first + slice), rest, entries[row])
  }
  const isPlayable = ({ item }: PlaylistEntry) =>
    item !== undefined && playlists.known.get().availabilityOf(item.track).kind === 'known'
  return {
    isOn,
    playFrom: (row: number) => {
      const entry = entries[row]
      if (entry === undefined) return
      if (isHere && entry.item?.track.trackId === current?.id) return void player.toggle()
      const note = noteOf(entry.item && playlists.known.get().availabilityOf(entry.item.track))
      if (note !== undefined)
        return void toasts.show(`${entry.item?.track.title ?? 'This song'} cannot be played: ${lowered(note)}.`)
      startAtRow(row)
    },
    toggle: () => {
      if (isHere) return void player.toggle()
      startAtRow(Math.max(0, entries.findIndex(isPlayable)))
    },
    shuffle: () => {
      player.setShuffle(true)
      const rows = inRandomOrder(rowsOf(entries).filter(({ entry }) => isPlayable(entry)))
      startNow(rows.slice(0, slice), { before: [], after: rows.slice(slice) })
    },
  }
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const rowsOf = (entries: readonly PlaylistEntry[]): readonly Row[] => entries.map((entry, order) => ({ entry, order }))

const inRandomOrder = (rows: readonly Row[]): readonly Row[] =>
  rows
    .map((row) => ({ row, key: Math.random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ row }) => row)
