import type { SearchAnswer, Suggestion } from './answer.ts'
import type { DocumentChange, DocumentKind, SearchDocument } from './document.ts'
import type { SearchRequest, SuggestRequest } from './request.ts'

/**
 * Finds documents. All calls are synchronous and bounded in their work, whatever the text. The answer after any order of changes that ends in the
 * same documents is the answer of an index built from them, as long as no work cap is met.
 */
export type SearchIndex = {
  search(request: SearchRequest): SearchAnswer
  suggest(request: SuggestRequest): readonly Suggestion[]
  /** Seen by the next search. Costs milliseconds for hundreds of changes; when `pendingCount` grows, build anew elsewhere and swap. */
  apply(changes: readonly DocumentChange[]): void
  document(kind: DocumentKind, id: string): SearchDocument | undefined
  /** In no order. */
  documents(): Iterable<SearchDocument>
  count(kind: DocumentKind): number
  /** Documents and removals that came after the last build. */
  pendingCount(): number
  /** All documents, changes included, as bytes (docs/formats.md, search snapshot). `sequence`: what of the catalog's history is in it. */
  snapshot(sequence: number): Uint8Array<ArrayBuffer>
}

export type OpenedIndex = { readonly kind: 'opened'; readonly index: SearchIndex; readonly sequence: number } | { readonly kind: 'refused'; readonly reason: 'not-a-snapshot' | 'version-unknown' | 'damaged' }
