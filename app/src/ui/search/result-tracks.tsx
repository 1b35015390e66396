import { useCallback, useState, type MouseEvent } from 'react'
import type { SearchHit } from '../../engine/search/search.ts'
import type { ListedTrack } from '../tracks/listed-track.ts'
import { TrackGrid } from '../tracks/track-grid.tsx'
import { mixedLook } from '../tracks/track-row.tsx'
import { useOwnHits } from './use-own-hits.ts'
import { listedTrackOf } from './hit-view.ts'

type ResultTracksProps = {
  hits: readonly SearchHit[]
  hasMore?: boolean
  onPlay: (hit: SearchHit) => void
  onUse: (hit: SearchHit) => void
}

/** The tracks of a result in the track grid that other pages use too. */
export const ResultTracks = ({ hits, hasMore = false, onPlay, onUse }: ResultTracksProps) => {
  const at = useListedTracks(hits)
  const play = useCallback((row: number) => hits[row] !== undefined && onPlay(hits[row]), [hits, onPlay])
  const onClick = (event: MouseEvent) => {
    if (!(event.target instanceof Element) || event.target.closest('a') === null) return
    const hit = hits[Number(event.target.closest('[data-row]')?.getAttribute('data-row') ?? NaN)]
    if (hit !== undefined) onUse(hit)
  }
  return (
    <div data-line="column" onClick={onClick}>
      <TrackGrid
        label="Tracks found"
        count={hits.length}
        at={at}
        look={mixedLook}
        onPlay={play}
        isByTrack
        hasMore={hasMore}
      />
    </div>
  )
}

/** Returns the same object for the same hit, so that a row renders again only when its hit changes, or whether it is saved. */
const useListedTracks = (hits: readonly SearchHit[]): ((row: number) => ListedTrack | undefined) => {
  const ownOf = useOwnHits()
  const [listed] = useState(() => new WeakMap<SearchHit, ListedTrack>())
  return useCallback(
    (row: number) => {
      const hit = hits[row]
      if (hit === undefined) return undefined
      const own = ownOf(hit)
      const known = listed.get(hit)
      const track =
        known?.isMarkedSaved === own.isSaved && known.note === own.unavailable ? known : listedTrackOf(hit, own)
      listed.set(hit, track)
      return track
    },
    [hits, listed, ownOf],
  )
}
