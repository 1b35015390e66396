import type { Audience } from '@tonestead/protocol/audience'
import type { FindableItem } from '../ports/search-source.ts'

/** Where nobody has played anything, a release or an artist weighs as if each of its tracks had been played this often. */
const playsForTrack = 0.1
/** Below this ratio of (1 + popularity) no order worth telling of changes. */
const leastRatio = 1.05

/** To everyone it tells nothing of what is not public. */
export const popularityOf = (item: FindableItem, audience: Audience): number => {
  if (item.kind === 'track') return item.plays
  const { plays, trackCount } = item.kind === 'artist' && audience === 'everyone' ? item.inPublic : item
  return plays + playsForTrack * trackCount
}

export const hasOtherWeight = (before: number, after: number): boolean =>
  Math.max((1 + after) / (1 + before), (1 + before) / (1 + after)) >= leastRatio

const dayMs = 86_400_000

/** Days since 1970, UTC. */
export const dayOf = (at: number): number => Math.floor(at / dayMs)
