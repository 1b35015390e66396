import type { SearchAnswer, Suggestion } from './answer.ts'
import { createSegmentBuilder } from './segment/build-segment.ts'
import { documentKinds, type DocumentChange, type DocumentKind, type SearchDocument } from './document.ts'
import { createRanker, type Ranker } from './query/rank.ts'
import { readDocument } from './segment/read-document.ts'
import type { SearchRequest, SuggestRequest } from './request.ts'
import { createSearcher } from './query/search.ts'
import type { SearchableSegment } from './query/searchable-segment.ts'
import { countAlive } from './segment/segment.ts'
import { applyChanges, documentsIn, findDocument, openSearchableSegment } from './segment/segments.ts'
import { readSegments, writeSegments } from './segment/snapshot.ts'
import { suggest } from './query/suggest.ts'

/**
 * Finds documents. All calls are synchronous, and their work is bounded for any text. After any changes the answer is that of an index built from the
 * resulting documents, as long as no bound on the work is met.
 */
export type SearchIndex = {
  search(request: SearchRequest): SearchAnswer
  suggest(request: SuggestRequest): readonly Suggestion[]
  /** The next search sees the changes. Takes milliseconds for hundreds of changes; when `pendingCount` grows, build a new index elsewhere and replace this one. */
  apply(changes: readonly DocumentChange[]): void
  document(kind: DocumentKind, id: string): SearchDocument | undefined
  /** In no particular order. */
  documents(): Iterable<SearchDocument>
  count(kind: DocumentKind): number
  /** Documents and removals since the index was built. */
  pendingCount(): number
  /** All documents, changes included, as bytes (docs/formats.md, "Search snapshot"). `sequence`: of the last catalog change that is in it. */
  snapshot(sequence: number): Uint8Array<ArrayBuffer>
}

export type OpenedIndex =
  | { readonly kind: 'opened'; readonly index: SearchIndex; readonly sequence: number }
  | { readonly kind: 'refused'; readonly reason: 'not-a-snapshot' | 'version-unknown' | 'damaged' }

/** Builds an index from documents that come one by one; it stores their values and no object of them. Of two documents with one kind and id, the last counts. */
export type IndexBuilder = {
  add(document: SearchDocument): void
  /** Add nothing after this; the same for `snapshot`. */
  finish(): SearchIndex
  /** The same bytes as `finish().snapshot(sequence)`, without opening the index. */
  snapshot(sequence: number): Uint8Array<ArrayBuffer>
}

export const createIndexBuilder = (): IndexBuilder => {
  const builder = createSegmentBuilder()
  return {
    add: builder.add,
    finish: () => {
      const ranker = createRanker()
      return createIndex([openSearchableSegment(builder.finish(), ranker)], ranker)
    },
    snapshot: (sequence) => writeSegments(sequence, [builder.finish()]),
  }
}

/** Builds an index. Of two documents with one kind and id, the last counts. */
export const createSearchIndex = (documents: Iterable<SearchDocument>): SearchIndex => {
  const builder = createIndexBuilder()
  for (const document of documents) builder.add(document)
  return builder.finish()
}

/** Opens a snapshot. The index reads `bytes` while it exists, and writes tombstones there: the caller must not use them any more. */
export const openSearchIndex = (bytes: Uint8Array<ArrayBuffer>): OpenedIndex => {
  const reading = readSegments(bytes)
  if (reading.kind === 'refused') return reading
  const ranker = createRanker()
  return {
    kind: 'opened',
    sequence: reading.sequence,
    index: createIndex(
      reading.segments.map((segment) => openSearchableSegment(segment, ranker)),
      ranker,
    ),
  }
}

const createIndex = (opened: readonly SearchableSegment[], ranker: Ranker): SearchIndex => {
  let segments = opened
  let searcher = createSearcher(segments)
  const count = (of: readonly SearchableSegment[], kind: DocumentKind): number =>
    of.reduce((sum, { segment }) => sum + countAlive(segment, kind), 0)
  const countDeleted = ({ segment }: SearchableSegment): number =>
    documentKinds.reduce((sum, kind) => sum + segment.kinds[kind].count - countAlive(segment, kind), 0)
  return {
    search: (request) => searcher.search(request),
    suggest: (request) => suggest(searcher, request),
    apply: (changes) => {
      segments = applyChanges(segments, changes, ranker)
      searcher = createSearcher(segments)
    },
    document: (kind, id) => {
      const place = findDocument(segments, kind, id)
      return place === undefined ? undefined : readDocument(place.segment.segment, kind, place.document)
    },
    documents: function* () {
      for (const segment of segments) yield* documentsIn(segment)
    },
    count: (kind) => count(segments, kind),
    pendingCount: () => {
      const [main, ...later] = segments
      return documentKinds.reduce((sum, kind) => sum + count(later, kind), main === undefined ? 0 : countDeleted(main))
    },
    snapshot: (sequence) =>
      writeSegments(
        sequence,
        segments.map(({ segment }) => segment.arrays),
      ),
  }
}
