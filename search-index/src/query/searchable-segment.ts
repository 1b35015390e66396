import type { DocumentKind } from '../document.ts'
import type { Segment } from '../segment/segment.ts'
import { createExpander } from './expand.ts'
import { createMatcher, type Matcher } from './matcher.ts'
import type { Ranker } from './rank.ts'
import { createBitSets, type BitSets } from './retrieve.ts'

/** A segment with the working memory that a search in it needs, reused from search to search. */
export type SearchableSegment = {
  readonly segment: Segment
  readonly matcher: Matcher
  readonly bitSets: Readonly<Record<DocumentKind, BitSets>>
}

export const createSearchableSegment = (segment: Segment, ranker: Ranker): SearchableSegment => {
  const sets = (kind: DocumentKind) => createBitSets(segment.kinds[kind].count)
  return {
    segment,
    matcher: createMatcher(segment, createExpander(segment.vocabulary, segment.deletions), ranker),
    bitSets: { track: sets('track'), release: sets('release'), artist: sets('artist'), playlist: sets('playlist') },
  }
}
