import type { DocumentKind } from './document.ts'

/** Longer texts are cut: characters, and words after folding. */
export const maxCharacters = 200
export const maxWords = 12
export const maxHits = 200
/** How deep one kind can be paged. */
export const maxOffset = 1_000

/** What every hit must fulfil, whatever the words. Absent: anything. Bounds are inclusive. */
export type SearchFilters = {
  /** Words that a credit must hold (of an artist: its name), folded like the query, each whole or as a beginning. */
  readonly artist?: string | undefined
  /** The same for the release's title (of a release: its own). */
  readonly release?: string | undefined
  readonly years?: { readonly from: number; readonly to: number } | undefined
  readonly durationMs?: { readonly from: number; readonly to: number } | undefined
  readonly isPublic?: true | undefined
  readonly isLossless?: true | undefined
  readonly isInLibrary?: true | undefined
}

export type SearchRequest = {
  /**
   * What was typed. Understood in it: "quoted phrases", `artist:`, `album:` (or `release:`), `year:1975` or `year:1970-1979`, `is:lossless`, `in:library`;
   * a value with spaces is quoted (`artist:"daft punk"`). Everything else is words. Any text is allowed and none is an error.
   */
  readonly text: string
  /** Default: all. */
  readonly kinds?: readonly DocumentKind[] | undefined
  /** Hits per kind, 1 to maxHits; default 10. */
  readonly limit?: number | undefined
  /** Hits to leave out, per kind, 0 to maxOffset; default 0. */
  readonly offset?: number | undefined
  /** Joined with those in the text: both must hold. */
  readonly filters?: SearchFilters | undefined
  /** The last word is finished, and not the beginning of one. Default false: as typed. */
  readonly isComplete?: boolean | undefined
}

export type SuggestRequest = {
  readonly text: string
  /** 1 to 20; default 5. */ readonly limit?: number | undefined
  readonly filters?: SearchFilters | undefined
}
