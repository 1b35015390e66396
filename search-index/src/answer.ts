import type { CreditName, DocumentKind } from './document.ts'

/** Part of a shown text that the query meant: UTF-16 offsets, end exclusive. */
export type Mark = readonly [start: number, end: number]

/** How a hit answers the words: all as typed; the last one as a beginning; some corrected; some left out. */
export type Match = 'exact' | 'prefix' | 'corrected' | 'partial'

/**
 * One thing found, with all that a row of results shows. Marks are in order and do not overlap; those of the credit line are offsets into
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

/** `hits` are best first: by score, then popularity, then id. `hasMore`: paging on finds more. */
export type HitGroup = { readonly hits: readonly SearchHit[]; readonly hasMore: boolean }

export type SearchAnswer = {
  /** What was most probably meant, of any kind asked for; undefined where no hit stands out or an offset was given. It is in its group too. */
  readonly top: SearchHit | undefined
  readonly groups: Readonly<Record<DocumentKind, HitGroup>>
  /** "Did you mean": the query as the index spells it, where what was found needed corrections. */
  readonly correction: string | undefined
  /** A work cap was met, so something less popular may be missing. */
  readonly isCut: boolean
}

/** A way to go on typing: the whole query, and where in it the part begins that was not typed. Of an artist, title, or both. */
export type Suggestion = { readonly text: string; readonly typed: number }
