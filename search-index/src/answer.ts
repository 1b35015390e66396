import type { CreditName, DocumentKind } from './document.ts'

/** Part of a shown text that matches the query: UTF-16 offsets, end exclusive. */
export type Mark = readonly [start: number, end: number]

/** How a hit matches the words: all exactly; the last one as a prefix; some corrected; some missing [SA1]. */
export type Match = 'exact' | 'prefix' | 'corrected' | 'partial'

/**
 * One found document, with all that a row of results shows. Marks are in order and do not overlap; those of the credit line are offsets into
 * its text (every name followed by its join).
 */
export type SearchHit = {
  readonly kind: DocumentKind
  readonly id: string
  readonly title: string
  readonly credits: readonly CreditName[]
  readonly release: { readonly id: string; readonly title: string } | undefined
  readonly year: number | undefined
  readonly durationMs: number | undefined
  readonly image: string | undefined
  readonly isLossless: boolean
  readonly match: Match
  readonly marks: {
    readonly title: readonly Mark[]
    readonly credit: readonly Mark[]
    readonly release: readonly Mark[]
  }
  /** Higher is better. Depends on the query and the document alone, so hits of several indexes may be merged by it. */
  readonly score: number
}

/** The hits of one kind, best first [SR7]. `hasMore`: the next page has hits. */
export type HitGroup = { readonly hits: readonly SearchHit[]; readonly hasMore: boolean }

export type SearchAnswer = {
  /** The best hit of all requested kinds [SA2]; undefined if it is partial, or an offset was given. It is in its group too. */
  readonly top: SearchHit | undefined
  readonly groups: Readonly<Record<DocumentKind, HitGroup>>
  /** "Did you mean": the query with corrected words, if the best hit needed corrections [SA4]. */
  readonly correction: string | undefined
  /** A bound on the work was met: less popular hits may be missing [SA5]. */
  readonly isCut: boolean
}

/** A completion of the query: the whole text, and the offset in it at which the part that was not typed begins. An artist, a title, or both. */
export type Suggestion = { readonly text: string; readonly typed: number }
