import { useCallback } from 'react'
import type { Track } from '@tonestead/protocol/catalog'
import { RowSkeletons } from '../controls/skeleton.tsx'
import { counted } from '../state/format-time.ts'
import { useServices } from '../state/services-context.tsx'
import { usePagedList } from '../state/use-paged-list.ts'
import { TrackGrid } from '../tracks/track-grid.tsx'
import { mixedLook } from '../tracks/track-row.tsx'
import { findSorted, titleAt } from '../tracks/type-ahead.ts'
import { AnswerNotice } from '../layout/answer-notice.tsx'
import { EmptyLibrary } from './empty-library.tsx'
import page from '../layout/page.module.css'

export type Sort = 'name' | 'recent'

// As many as one page of the server: hours of playback.
const mostQueued = 200

/** All tracks, 20,000 or more: rows are loaded when they become visible. */
export const LibraryTracks = ({ sort }: { sort: Sort }) => {
  const { library, player } = useServices()
  const { list, view } = usePagedList<Track>((range, signal) => library.tracks({ ...range, sort }, signal))
  const { at, total } = view
  const play = useCallback(
    (row: number) => {
      const track = at(row)
      const { current } = player.view.get()
      if (track === undefined) return
      if (track.id === current?.id) return void player.toggle()
      const loaded = Array.from({ length: mostQueued }, (_, index) => at(row + index)).filter(
        (one) => one !== undefined,
      )
      player.playTracks({ context: { kind: 'tracks' }, tracks: loaded, startAt: 0 })
    },
    [at, player],
  )
  const find = (prefix: string, signal: AbortSignal) =>
    findSorted(
      { total: total ?? 0, at: titleAt((range) => library.tracks({ ...range, sort }, signal), signal) },
      prefix,
    )
  if (view.failure !== undefined && total === undefined)
    return <AnswerNotice failure={view.failure} onRetry={() => list.retry()} />
  if (total === undefined) return <RowSkeletons count={12} />
  if (total === 0) return <EmptyLibrary />
  return (
    <>
      <p className={page['muted']}>{counted(total, 'track')}</p>
      <TrackGrid
        label="Tracks"
        count={total}
        at={at}
        look={mixedLook}
        onPlay={play}
        onShow={list.show}
        {...(sort === 'name' ? { find } : {})}
      />
    </>
  )
}
