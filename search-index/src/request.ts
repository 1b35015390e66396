import type { DocumentKind } from './document.ts'

/** Longer texts are cut: to so many UTF-16 units, and to so many words after folding. */
export const maxCharacters = 200
export const maxWords = 12
export const maxHits = 200
/** Largest `offset`. */
export const maxOffset = 1_000

/** Conditions that every hit must meet [SL5]. Absent: no condition. Bounds are inclusive. */
export type SearchFilters = {
  /** Words that the credit line has (of an artist: its name), folded like the query; each matches a whole word or a prefix. */
  readonly artist?: string | undefined
  /** The same for the title of the release (of a release: its own). */
  readonly release?: string | undefined
  readonly years?: { readonly from: number; readonly to: number } | undefined
  readonly durationMs?: { readonly from: number; readonly to: number } | undefined
  readonly isPublic?: true | undefined
  readonly isLossless?: true | undefined
  readonly isInLibrary?: true | undefined
}

export type SearchRequest = {
  /**
   * The typed text. It may contain "quoted phrases", `artist:`, `album:` (or `release:`), `year:1975` or `year:1970-1979`, `is:lossless`, `in:library`;
   * a value with spaces is quoted (`artist:"daft punk"`). Everything else is words. Any text is allowed; no text is an error.
   */
  readonly text: string
  /** Default: all. */
  readonly kinds?: readonly DocumentKind[] | undefined
  /** Hits per kind, 1 to maxHits; default 10. */
  readonly limit?: number | undefined
  /** Hits to skip, per kind, 0 to maxOffset; default 0. */
  readonly offset?: number | undefined
  /** In addition to the filters in the text: both must hold. */
  readonly filters?: SearchFilters | undefined
  /** The last word is complete, so it is no prefix token [SQ2]. Default false. */
  readonly isComplete?: boolean | undefined
}

export type SuggestRequest = {
  readonly text: string
  /** 1 to 20; default 5. */ readonly limit?: number | undefined
  readonly filters?: SearchFilters | undefined
}
