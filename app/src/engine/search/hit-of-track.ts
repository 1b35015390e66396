import type { Track } from '@tonestead/protocol/catalog'
import type { SearchHit } from '@tonestead/search-index/answer'

/** A played track in the form of a search hit, without marks. */
export const hitOfTrack = ({ id, title, credits, release, durationMs, heads }: Track): SearchHit => ({
  kind: 'track',
  id,
  title,
  credits,
  release: { id: release.id, title: release.title },
  year: undefined,
  durationMs,
  image: release.cover && `${release.cover.id}${release.cover.color}`,
  isLossless: heads.flac !== undefined,
  match: 'exact',
  marks: { title: [], credit: [], release: [] },
  score: 0,
})
