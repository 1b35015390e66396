import type { SearchAnswer, SearchHit } from '@tonestead/search-index/answer'
import { isMeant, type Query, type QueryKind } from '../catalog/query.ts'
import { row, type Row } from '../runner/rows.ts'
import { qualityLevels } from './search-levels.ts'

export type Graded = { readonly query: Query; readonly answer: SearchAnswer }

/** The place of the right hit: 1 for the first; Infinity where it is not among the ten. */
export const rankOf = ({ query, answer }: Graded): number => {
  const at = answer.groups[query.kind === 'artist' ? 'artist' : 'track'].hits.findIndex((hit) => isHit(query, hit))
  return at < 0 ? Infinity : at + 1
}

/** The rows of one kind of queries; the levels are stated for a million tracks. */
export const qualityRows = (kind: QueryKind, size: string, graded: readonly Graded[]): Row[] => {
  const ranks = graded.map(rankOf)
  const figures = { unit: 'share', better: 'higher', case: `${kind}, ${size}` } as const
  const stated = size === '1M' ? qualityLevels[kind] : undefined
  const level = stated === undefined ? {} : { level: stated }
  const within = (most: number): number => shareOf(ranks, (rank) => rank <= most)
  const reciprocals = ranks.reduce((sum, rank) => sum + 1 / rank, 0)
  return [
    row({ ...figures, metric: 'success@1', value: within(1), ...level }),
    row({ ...figures, metric: 'success@5', value: within(5) }),
    row({ ...figures, metric: 'mrr', value: reciprocals / ranks.length }),
    row({ ...figures, metric: 'top result', value: shareOf(graded, isTopRight) }),
    ...(kind === 'artist'
      ? [row({ ...figures, metric: 'first track by the artist', value: shareOf(graded, isFirstTrackRight), ...level })]
      : []),
  ]
}

export const shareOf = <T>(list: readonly T[], isCounted: (one: T) => boolean): number =>
  list.filter(isCounted).length / list.length

const isHit = (query: Query, hit: SearchHit | undefined): boolean =>
  hit !== undefined &&
  isMeant(query, hit.title, hit.kind === 'artist' ? [hit.title] : hit.credits.map(({ name }) => name))

const isFirstTrackRight = ({ query, answer }: Graded): boolean => isHit(query, answer.groups.track.hits[0])

/** A single or album with the name of the song, by its artist, is as right a top result as the song. */
const isTopRight = ({ query, answer: { top } }: Graded): boolean =>
  (query.kind === 'artist' ? top?.kind === 'artist' : top?.kind === 'track' || top?.kind === 'release') &&
  isHit(query, top)
