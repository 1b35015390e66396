import { useCallback, useEffect, type ReactNode } from 'react'
import type { TrackReference } from '@tonestead/crdt/tracks/track-reference'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { TrackGrid } from '../tracks/track-grid.tsx'
import { mixedLook } from '../tracks/track-row.tsx'
import { goneText, offlineText } from '../tracks/use-track-actions.ts'
import { useWholeTracks } from './use-whole-tracks.ts'

/** Hours of playback. */
const mostQueued = 200

type ReferenceTracksProps = {
  label: string
  references: readonly TrackReference[]
  /** No track is in the list twice. */ isByTrack?: boolean
  /** A heading row before a row. With it all rows are drawn. */ headingBefore?: (row: number) => ReactNode
}

/** Tracks that documents remember. What a row shows is in the document; what playing needs is requested for the visible rows and those after them. */
export const ReferenceTracks = ({ label, references, isByTrack = false, headingBefore }: ReferenceTracksProps) => {
  const { player, isOnline } = useServices()
  const { toasts } = useUiState()
  const { listedAt, trackAt, show, need } = useWholeTracks(references)
  const isWindowed = headingBefore === undefined
  useEffect(() => {
    if (!isWindowed) show(0, references.length - 1)
  }, [isWindowed, show, references])
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
      label={label}
      count={references.length}
      at={listedAt}
      look={mixedLook}
      onPlay={play}
      isByTrack={isByTrack}
      {...(isWindowed ? { onShow: show } : { headingBefore })}
    />
  )
}
