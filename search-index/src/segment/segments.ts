// An index is one large segment and a few later, small ones. Changes make a new small segment and write tombstones for what they replace; small
// segments of similar size are merged, so that there are never many.
import { buildSegment } from './build-segment.ts'
import { documentKinds, type DocumentChange, type DocumentKind, type SearchDocument } from '../document.ts'
import { readDocument } from './read-document.ts'
import type { Ranker } from '../query/rank.ts'
import { createSearchableSegment, type SearchableSegment } from '../query/searchable-segment.ts'
import { countAlive, isDeleted, openSegment } from './segment.ts'
import type { SegmentArrays } from './segment-arrays.ts'

export type Location = { readonly segment: SearchableSegment; readonly document: number }

export const findDocument = (
  segments: readonly SearchableSegment[],
  kind: DocumentKind,
  id: string,
): Location | undefined => {
  for (const segment of segments) {
    const table = segment.segment.kinds[kind]
    const document = table.idTable.find(id)
    if (document >= 0 && !isDeleted(table, document)) return { segment, document }
  }
  return undefined
}

export const openSearchableSegment = (arrays: SegmentArrays, ranker: Ranker): SearchableSegment =>
  createSearchableSegment(openSegment(arrays), ranker)

export function* documentsIn({ segment }: SearchableSegment): Generator<SearchDocument> {
  for (const kind of documentKinds) {
    const table = segment.kinds[kind]
    for (let document = 0; document < table.count; document++)
      if (!isDeleted(table, document)) yield readDocument(segment, kind, document)
  }
}

const sizeOf = ({ segment }: SearchableSegment): number =>
  documentKinds.reduce((sum, kind) => sum + countAlive(segment, kind), 0)

/** Segments with at most so many documents are always merged. */
const smallSize = 256
/** A new segment is merged with the one before it unless that is more than so many times larger. */
const maxRatio = 4

/** The segments after the changes; the first segment stays as it is. Writes tombstones in place. */
export const applyChanges = (
  segments: readonly SearchableSegment[],
  changes: readonly DocumentChange[],
  ranker: Ranker,
): readonly SearchableSegment[] => {
  const put = new Map<string, SearchDocument>()
  for (const change of changes) {
    const { kind, id } = change.change === 'put' ? change.document : change
    put.delete(`${kind} ${id}`)
    const old = findDocument(segments, kind, id)
    if (old !== undefined) markDeleted(old, kind)
    if (change.change === 'put') put.set(`${kind} ${id}`, change.document)
  }
  return put.size === 0 ? segments : merge(segments, [...put.values()], ranker)
}

const markDeleted = ({ segment, document }: Location, kind: DocumentKind): void => {
  const { gone } = segment.segment.kinds[kind]
  gone[document >>> 5] = (gone[document >>> 5] ?? 0) | (1 << (document & 31))
}

const merge = (
  segments: readonly SearchableSegment[],
  added: SearchDocument[],
  ranker: Ranker,
): readonly SearchableSegment[] => {
  const kept = [...segments]
  const documents = [...added]
  for (let last = kept.at(-1); last !== undefined && kept.length > 1; last = kept.at(-1)) {
    const size = sizeOf(last)
    if (size > smallSize && size > documents.length * maxRatio) break
    documents.push(...documentsIn(last))
    kept.pop()
  }
  return [...kept, openSearchableSegment(buildSegment(documents), ranker)]
}
