import { useEffect, useRef } from 'react'
import type { EntryId } from '@tonestead/crdt/ids'
import type { PlaylistEntry } from '@tonestead/crdt/playlists/playlist-document'
import { usePlayerView, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { goneText, offlineText } from '../tracks/use-track-actions.ts'
import { noteOf } from './entry-rows.ts'

/** Tracks that are loaded at once for a playback: hours of it, in four requests at the same time. */
const mostQueued = 200
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

  const start = async (some: readonly PlaylistEntry[], chosen: PlaylistEntry | undefined): Promise<void> => {
    request.current?.abort()
    const controller = new AbortController()
    request.current = controller
    const references = some.flatMap(({ item }) => item?.track ?? [])
    await playlists.load(references, controller.signal)
    if (controller.signal.aborted) return
    const { trackOf } = playlists.known.get()
    const playable = some.flatMap((entry) => {
      const track = entry.item && trackOf(entry.item.track)
      return track === undefined ? [] : [{ entry, track }]
    })
    const startAt = chosen === undefined ? undefined : playable.findIndex(({ entry }) => entry === chosen)
    if (playable.length === 0 || startAt === -1) {
      const title = (chosen ?? some[0])?.item?.track.title ?? 'This song'
      return void toasts.show(isOnline.get() ? goneText(title) : offlineText(title))
    }
    player.playTracks({ context, tracks: playable.map(({ track }) => track), startAt })
  }
  const startNow = (some: readonly PlaylistEntry[], chosen?: PlaylistEntry): void =>
    void start(some, chosen).catch(log.child('ui').failed('a playlist was not played'))
  const windowAt = (row: number) => {
    const first = Math.max(0, Math.min(row - before, entries.length - mostQueued))
    return entries.slice(first, first + mostQueued)
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
      startNow(windowAt(row), entry)
    },
    toggle: () => {
      if (isHere) return void player.toggle()
      const row = Math.max(0, entries.findIndex(isPlayable))
      startNow(windowAt(row), entries[row])
    },
    shuffle: () => {
      player.setShuffle(true)
      startNow(sample(entries.filter(isPlayable), mostQueued))
    },
  }
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** As many of the entries as wanted, each as likely as the others, in their order. */
const sample = (entries: readonly PlaylistEntry[], count: number): readonly PlaylistEntry[] => {
  let wanted = Math.min(count, entries.length)
  return entries.filter((_, index) => {
    const isTaken = Math.random() * (entries.length - index) < wanted
    if (isTaken) wanted -= 1
    return isTaken
  })
}
