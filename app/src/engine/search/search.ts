import type { SearchHit, SearchAnswer, Suggestion } from '@tonestead/search-index/answer'
import type { DocumentKind } from '@tonestead/search-index/document'
import type { SearchFilters } from '@tonestead/search-index/request'
import type { Answer } from '../server/answer.ts'
import type { Readable } from '../readable.ts'

// The UI may not import the search index, so its types are passed on here.
export type { Mark, SearchHit } from '@tonestead/search-index/answer'
export type { DocumentKind } from '@tonestead/search-index/document'

export type SearchQuery = {
  readonly text: string
  /** Absent: all kinds. */
  readonly kind?: DocumentKind | undefined
  /** `isInLibrary`: only what is the account's own. */
  readonly filters: Pick<SearchFilters, 'years' | 'durationMs' | 'isLossless' | 'isInLibrary'>
}

/**
 * `from`: which index of the catalog answered. both: the device's result with the server's merged in. own: none did; these are only the playlists of the
 * account and what is saved, which are merged into every other result too.
 */
export type SearchResult = Pick<SearchAnswer, 'top' | 'groups' | 'correction'> & {
  readonly from: 'device' | 'server' | 'both' | 'own'
}

/**
 * idle: there is no query. searching: nothing to show for this query yet; `last`, the result of an earlier query, stays on the screen. found: the result
 * of exactly this query; `isSettled` when no source is still searching. A result that arrives after the query has changed is never shown.
 */
export type SearchView =
  | { readonly kind: 'idle' }
  | { readonly kind: 'searching'; readonly query: SearchQuery; readonly last: SearchResult | undefined }
  | { readonly kind: 'found'; readonly query: SearchQuery; readonly result: SearchResult; readonly isSettled: boolean }
  | {
      readonly kind: 'failed'
      readonly query: SearchQuery
      readonly failure: Exclude<Answer<never>, { kind: 'ready' }>
    }

/** The index on this device. touched: the catalog is too large to store, so the index holds only what was opened or played here. */
export type DeviceIndexState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'fetching' }
  | {
      readonly kind: 'ready'
      readonly scope: 'catalog' | 'touched'
      readonly tracks: number
      readonly sequence: number
    }
  | { readonly kind: 'unavailable' }

export type Search = {
  readonly view: Readable<SearchView>
  /** Completions of the text of the query in `view`. */
  readonly suggestions: Readable<readonly Suggestion[]>
  readonly deviceIndex: Readable<DeviceIndexState>
  /** Replaces the query; blank text makes the view idle. Results appear in `view`: the device's within a frame or two, the server's later. */
  setQuery(query: SearchQuery): void
  /** Appends the next page of hits of one kind to the view. */
  loadMore(kind: DocumentKind): void
  /** Adds what was opened or played to the device's index, so that it can be found without a network. */
  recordUse(hit: SearchHit): void
  /** Newest first, at most ten; they never leave the device. */
  readonly recents: Readable<readonly string[]>
  remember(text: string): void
  forget(text: string): void
  forgetAll(): void
}
