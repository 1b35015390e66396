// One search: from a request to the hits of each kind, as they are shown.
import type { HitGroup, SearchAnswer, SearchHit } from '../answer.ts'
import { documentKinds, type DocumentKind } from '../document.ts'
import type { SearchRequest } from '../request.ts'
import { createDescriber } from './describe.ts'
import { createFilter } from './filters.ts'
import { queryOf } from './query.ts'
import type { Work } from './retrieve.ts'
import { createLevelRunner, decidingHits, type SearchState } from './search-levels.ts'
import type { SearchableSegment } from './searchable-segment.ts'
import { createTopHits, type FoundDocument } from './top-hits.ts'

/**
 * [SA5] Bounds of the work of one search: a few milliseconds at a million tracks. Each kind has bounds of its own, so that many tracks do not keep an
 * artist from being found.
 */
const maxPostingsRead: Readonly<Record<DocumentKind, number>> = {
  track: 300_000,
  release: 100_000,
  artist: 100_000,
  playlist: 50_000,
}
const maxComparisons: Readonly<Record<DocumentKind, number>> = {
  track: 1_500,
  release: 600,
  artist: 600,
  playlist: 200,
}

export type Searcher = { search(request: SearchRequest): SearchAnswer }

export const createSearcher = (segments: readonly SearchableSegment[]): Searcher => {
  const runLevels = createLevelRunner(segments)
  const describe = createDescriber(segments)
  const search = (request: SearchRequest): SearchAnswer => {
    const query = queryOf(request)
    if (query.tokens.length === 0 && !query.hasFilters)
      return { top: undefined, groups: emptyGroups, correction: undefined, isCut: false }
    const capacity = Math.max(query.offset + query.limit + 1, decidingHits)
    const state: SearchState = {
      query,
      filters: segments.map(({ segment }) => createFilter(segment, query)),
      hits: perKind((kind) => createTopHits(capacity, (one, other) => isBefore(segments, kind, { one, other }))),
      work: perKind(workOf),
      attempts: [],
    }
    runLevels(state)
    return answerOf(state, describe)
  }
  return { search }
}

const perKind = <Value>(of: (kind: DocumentKind) => Value): Record<DocumentKind, Value> => ({
  track: of('track'),
  release: of('release'),
  artist: of('artist'),
  playlist: of('playlist'),
})

const workOf = (kind: DocumentKind): Work => ({
  postingsLeft: maxPostingsRead[kind],
  comparisonsLeft: maxComparisons[kind],
  isCut: false,
})

/** [SR7] Decides between equal scores. */
const isBefore = (
  segments: readonly SearchableSegment[],
  kind: DocumentKind,
  { one, other }: { readonly one: FoundDocument; readonly other: FoundDocument },
): boolean => {
  if (one.popularity !== other.popularity) return one.popularity > other.popularity
  if (one.segment === other.segment) return one.document < other.document
  const idOf = ({ segment, document }: FoundDocument) =>
    segments[segment]?.segment.kinds[kind].idPool.get(document) ?? ''
  return idOf(one) < idOf(other)
}

const emptyGroups = perKind((): HitGroup => ({ hits: [], hasMore: false }))

type Describer = ReturnType<typeof createDescriber>

const answerOf = ({ query, hits, work, attempts }: SearchState, describe: Describer): SearchAnswer => {
  const { offset, limit } = query
  const shown = documentKinds.flatMap((kind) =>
    hits[kind].list.slice(offset, offset + limit).map((found) => ({ kind, found })),
  )
  const described = describe.hits(shown, attempts)
  const groups = perKind((kind) => ({
    hits: described.filter((hit) => hit.kind === kind),
    hasMore: hits[kind].list.length > offset + limit,
  }))
  const best = bestOf(groups)
  const top = offset > 0 || best?.match === 'partial' ? undefined : best
  const found = top?.match === 'corrected' ? hits[top.kind].list[0] : undefined
  const correction =
    top === undefined || found === undefined
      ? undefined
      : describe.correction({ kind: top.kind, found }, attempts, query)
  return { top, groups, correction, isCut: documentKinds.some((kind) => work[kind].isCut) }
}

/** [SA2] */
const bestOf = (groups: SearchAnswer['groups']): SearchHit | undefined => {
  let best: SearchHit | undefined
  for (const kind of ['artist', 'release', 'track', 'playlist'] as const) {
    const first = groups[kind].hits[0]
    if (first !== undefined && (best === undefined || first.score > best.score)) best = first
  }
  return best
}
