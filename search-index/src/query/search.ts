// One search: the levels of SPEC.md [SL] over all segments, then the hits as they are shown.
import type { HitGroup, SearchAnswer, SearchHit } from '../answer.ts'
import { documentKinds, type DocumentKind } from '../document.ts'
import { smallWords } from '../text/document-words.ts'
import { createExpander, type Token } from './expand.ts'
import { createFilter, type Filter } from './filters.ts'
import { createDescriber } from './describe.ts'
import { createMatcher, type Matcher } from './matcher.ts'
import { otherReadings, queryOf, type Query } from './query.ts'
import { goodLoss, leastMissingLoss, leastTypoLoss, readingLoss, type Ranker } from './rank.ts'
import type { SearchRequest } from '../request.ts'
import {
  createWorkSpace,
  leastLossesOf,
  retrieve,
  type Attempt,
  type LeastLosses,
  type Work,
  type WorkSpace,
} from './retrieve.ts'
import type { Segment } from '../segment/segment.ts'
import { createTopHits, type FoundDocument, type TopHits } from './top-hits.ts'

/** A segment with what is needed to search in it, kept from search to search. */
export type SearchedSegment = {
  readonly segment: Segment
  readonly matcher: Matcher
  readonly spaces: Readonly<Record<DocumentKind, WorkSpace>>
}

export const createSearchedSegment = (segment: Segment, ranker: Ranker): SearchedSegment => {
  const space = (kind: DocumentKind) => createWorkSpace(segment.kinds[kind].count)
  const matcher = createMatcher(segment, createExpander(segment.vocabulary, segment.deletions), ranker)
  return {
    segment,
    matcher,
    spaces: { track: space('track'), release: space('release'), artist: space('artist'), playlist: space('playlist') },
  }
}

/** Bounds of one search's work, at a million tracks a few milliseconds. */
// Each kind has its own, so that many tracks do not keep an artist from being found.
const mostSteps: Readonly<Record<DocumentKind, number>> = {
  track: 300_000,
  release: 100_000,
  artist: 100_000,
  playlist: 50_000,
}
const mostLooks: Readonly<Record<DocumentKind, number>> = { track: 1_500, release: 600, artist: 600, playlist: 200 }
const mostReadings = 24
/** Hits per kind that decide whether corrections are tried [SL1]. */
const decidingHits = 10

/** One way of matching, as `describe` needs it again. */
type Tried = { readonly tokens: readonly Token[]; readonly hasTypos: boolean; readonly isPlain: boolean }

type Search = {
  readonly query: Query
  readonly segments: readonly SearchedSegment[]
  readonly filters: readonly Filter[]
  readonly hits: Readonly<Record<DocumentKind, TopHits>>
  readonly work: Readonly<Record<DocumentKind, Work>>
  readonly tried: Tried[]
}

export type Searcher = { search(request: SearchRequest): SearchAnswer }

export const createSearcher = (segments: readonly SearchedSegment[]): Searcher => {
  const leastLosses = new Map<string, LeastLosses>()
  const leastOf = (tokens: readonly Token[], missing: number): LeastLosses => {
    const key = `${tokens.map(({ word, isOptional }) => (isOptional && smallWords.has(word) ? 's' : 't')).join('')} ${tokens.at(-1)?.isOpen ?? false} ${missing}`
    const known = leastLosses.get(key)
    if (known !== undefined) return known
    const losses = leastLossesOf(tokens, missing)
    leastLosses.set(key, losses)
    return losses
  }
  const describe = createDescriber(segments)

  const tryOut = (
    search: Search,
    tried: Tried,
    attempt: Pick<Attempt, 'mayMiss' | 'extraLoss' | 'minimumLoss' | 'isKnown'>,
  ): void => {
    const { query, segments: all, work } = search
    const number = search.tried.push(tried) - 1
    const full: Attempt = {
      ...attempt,
      number,
      tokens: tried.tokens,
      leastLosses: leastOf(tried.tokens, attempt.mayMiss),
    }
    for (const [index, { segment, matcher, spaces }] of all.entries()) {
      const filter = search.filters[index]
      if (filter === undefined || filter.isEmpty) continue
      matcher.prepare(tried.tokens, tried.hasTypos)
      if (number === 0) matcher.setPlain()
      for (const kind of query.kinds)
        retrieve(
          {
            segment: index,
            table: segment.kinds[kind],
            matcher,
            filter,
            hits: search.hits[kind],
            work: work[kind],
            space: spaces[kind],
            variants: query.variants,
          },
          full,
        )
    }
  }

  const run = (search: Search): void => {
    const { tokens } = search.query
    tryOut(
      search,
      { tokens, hasTypos: false, isPlain: true },
      { mayMiss: 0, extraLoss: 0, minimumLoss: 0, isKnown: () => false },
    )
    if (tokens.length === 0 || isGood(search)) return
    tryOut(
      search,
      { tokens, hasTypos: true, isPlain: true },
      { mayMiss: 0, extraLoss: 0, minimumLoss: leastTypoLoss, isKnown: ({ corrected }) => corrected === 0 },
    )
    const isKnownWord = (token: Token) => segments.some(({ segment }) => hasWord(segment, token))
    const readings = otherReadings(tokens, isKnownWord)
    if (readings.length > mostReadings) search.work.track.isCut = true
    for (const reading of readings.slice(0, mostReadings)) {
      tryOut(
        search,
        { tokens: reading, hasTypos: false, isPlain: false },
        { mayMiss: 0, extraLoss: readingLoss, minimumLoss: 0, isKnown: (matcher) => matcher.isPlainMatch() },
      )
    }
    const most = Math.floor(tokens.filter(({ isOptional }) => !isOptional).length / 2)
    for (let mayMiss = 1; mayMiss <= most && !hasHits(search); mayMiss++) {
      tryOut(
        search,
        { tokens, hasTypos: true, isPlain: true },
        { mayMiss, extraLoss: 0, minimumLoss: leastMissingLoss * mayMiss, isKnown: () => false },
      )
    }
  }

  const search = (request: SearchRequest): SearchAnswer => {
    const query = queryOf(request)
    if (query.tokens.length === 0 && !query.hasFilters)
      return { top: undefined, groups: emptyGroups, correction: undefined, isCut: false }
    const capacity = Math.max(query.offset + query.limit + 1, decidingHits)
    const topHits = (kind: DocumentKind) =>
      createTopHits(capacity, (one, other) => isBefore(segments, kind, { one, other }))
    const state: Search = {
      query,
      segments,
      filters: segments.map(({ segment }) => createFilter(segment, query)),
      hits: {
        track: topHits('track'),
        release: topHits('release'),
        artist: topHits('artist'),
        playlist: topHits('playlist'),
      },
      work: {
        track: workOf('track'),
        release: workOf('release'),
        artist: workOf('artist'),
        playlist: workOf('playlist'),
      },
      tried: [],
    }
    run(state)
    return answerOf(state, describe)
  }
  return { search }
}

const workOf = (kind: DocumentKind): Work => ({ steps: mostSteps[kind], looks: mostLooks[kind], isCut: false })

const hasWord = ({ vocabulary }: Segment, { word, isOpen }: Token): boolean => {
  if (!isOpen) return vocabulary.find(word) >= 0
  const { start, end } = vocabulary.beginningWith(word)
  return start < end
}

const hasHits = ({ hits }: Search): boolean => documentKinds.some((kind) => hits[kind].list.length > 0)

const isGood = ({ hits }: Search): boolean =>
  documentKinds.some((kind) => hits[kind].list.slice(0, decidingHits).some(({ loss }) => loss <= goodLoss))

/** [SR7] for equal scores. */
const isBefore = (
  segments: readonly SearchedSegment[],
  kind: DocumentKind,
  { one, other }: { readonly one: FoundDocument; readonly other: FoundDocument },
): boolean => {
  if (one.popularity !== other.popularity) return one.popularity > other.popularity
  if (one.segment === other.segment) return one.document < other.document
  const idOf = ({ segment, document }: FoundDocument) =>
    segments[segment]?.segment.kinds[kind].idPool.get(document) ?? ''
  return idOf(one) < idOf(other)
}

const emptyGroup: HitGroup = { hits: [], hasMore: false }
const emptyGroups = { track: emptyGroup, release: emptyGroup, artist: emptyGroup, playlist: emptyGroup }

type Describer = ReturnType<typeof createDescriber>

const answerOf = ({ query, hits, work, tried }: Search, describe: Describer): SearchAnswer => {
  const { offset, limit } = query
  const shown = documentKinds.flatMap((kind) =>
    hits[kind].list.slice(offset, offset + limit).map((found) => ({ kind, found })),
  )
  const described = describe.hits(shown, tried)
  const group = (kind: DocumentKind): HitGroup => ({
    hits: described.filter((hit) => hit.kind === kind),
    hasMore: hits[kind].list.length > offset + limit,
  })
  const groups = {
    track: group('track'),
    release: group('release'),
    artist: group('artist'),
    playlist: group('playlist'),
  }
  const best = bestOf(groups)
  const top = offset > 0 || best?.match === 'partial' ? undefined : best
  const found = top?.match === 'corrected' ? hits[top.kind].list[0] : undefined
  const correction =
    top === undefined || found === undefined ? undefined : describe.correction({ kind: top.kind, found }, tried, query)
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
