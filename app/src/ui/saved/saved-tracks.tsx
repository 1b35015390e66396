import { useCallback } from 'react'
import type { SavedItem } from '../../engine/saved/saved-list.ts'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { TrackGrid } from '../tracks/track-grid.tsx'
import { mixedLook } from '../tracks/track-row.tsx'
import { goneText, offlineText } from '../tracks/use-track-actions.ts'
import { useWholeTracks } from './use-whole-tracks.ts'

/** Hours of playback. */
const mostQueued = 200

/** Saved tracks. What a row shows is saved with the track; what playing needs is requested for the visible rows and those after them. */
export const SavedTracks = ({ items }: { items: readonly SavedItem<'tracks'>[] }) => {
  const { player, isOnline } = useServices()
  const { toasts } = useUiState()
  const { listedAt, trackAt, show, need } = useWholeTracks(items)
  const start = useCallback(
    (row: number): boolean => {
      if (trackAt(row) === undefined) return false
      const tracks = Array.from({ length: mostQueued }, (_, index) => trackAt(row + index)).filter(
        (track) => track !== undefined,
      )
      player.playTracks({ context: { kind: 'tracks' }, tracks, startAt: 0 })
      return true
    },
    [player, trackAt],
  )
  const loadAndStart = async (row: number) => {
    await need(row)
    const listed = listedAt(row)
    if (start(row) || listed === undefined) return
    toasts.show(isOnline.get() ? goneText(listed.title) : offlineText(listed.title))
  }
  const play = (row: number) => {
    const listed = listedAt(row)
    if (listed === undefined) return
    if (listed.note !== undefined)
      return void toasts.show(`${listed.title} cannot be played: ${listed.note.toLowerCase()}.`)
    if (trackAt(row)?.id === player.view.get().current?.id && trackAt(row) !== undefined) return void player.toggle()
    if (!start(row)) void loadAndStart(row)
  }
  return (
    <TrackGrid
      label="Saved tracks"
      count={items.length}
      at={listedAt}
      look={mixedLook}
      onPlay={play}
      onShow={show}
      isByTrack
    />
  )
}
