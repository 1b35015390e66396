import type { Audience } from '@tonestead/protocol/audience'
import type { SearchItem } from '../ports/search-source.ts'

/** Each track adds this to the popularity of its release and artists, so that larger ones come first where nothing was played. */
const playsForTrack = 0.1
/** Below this ratio of (1 + popularity) the order of results hardly changes. */
const minRatio = 1.05

/** For everyone the popularity of a release or artist counts only public tracks, so that it reveals nothing about the others. */
export const popularityOf = (item: SearchItem, audience: Audience): number => {
  if (item.kind === 'track') return item.plays
  const { plays, trackCount } = audience === 'everyone' ? item.inPublic : item
  return plays + playsForTrack * trackCount
}

/** Whether the difference is large enough to update the index. */
export const isOtherPopularity = (before: number, after: number): boolean =>
  Math.max((1 + after) / (1 + before), (1 + before) / (1 + after)) >= minRatio

const dayMs = 86_400_000

/** Days since 1970, UTC. */
export const dayOf = (at: number): number => Math.floor(at / dayMs)
