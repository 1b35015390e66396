import type { SearchAnswer, SearchHit, Suggestion } from '@tonestead/search-index/answer'
import type { DocumentKind } from '@tonestead/search-index/document'
import type { SearchFilters } from '@tonestead/search-index/request'
import type { Answer } from '../server/answer.ts'
import type { Readable } from '../readable.ts'

// What the UI, which knows no index, needs of it.
export type { Mark, SearchHit } from '@tonestead/search-index/answer'
export type { DocumentKind } from '@tonestead/search-index/document'

export type SearchQuestion = {
  readonly text: string
  /** Absent: every kind. */
  readonly kind?: DocumentKind | undefined
  readonly filters: Pick<SearchFilters, 'years' | 'durationMs' | 'isLossless'>
}

/** `from`: what answered. Both: the device at once, and the server's answer was merged in. */
export type Found = Pick<SearchAnswer, 'top' | 'groups' | 'correction'> & {
  readonly from: 'device' | 'server' | 'both'
}

/**
 * idle: nothing was asked. searching: nothing to show for this question yet; `last` stays on the screen meanwhile. found: an answer to exactly this
 * question; `isSettled` when no better one is under way. An answer that comes after the question has changed is never shown.
 */
export type SearchView =
  | { readonly kind: 'idle' }
  | { readonly kind: 'searching'; readonly question: SearchQuestion; readonly last: Found | undefined }
  | { readonly kind: 'found'; readonly question: SearchQuestion; readonly found: Found; readonly isSettled: boolean }
  | {
      readonly kind: 'failed'
      readonly question: SearchQuestion
      readonly failure: Exclude<Answer<never>, { kind: 'ready' }>
    }

/** The index on this device. touched: the catalog is too large to keep, so it holds what was opened or played here. */
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
  /** Ways to go on typing, for the question in `view`. */
  readonly suggestions: Readable<readonly Suggestion[]>
  readonly deviceIndex: Readable<DeviceIndexState>
  /** Replaces the question; blank text is idle. Answers appear in `view`: from the device within a frame or two, else from the server. */
  ask(question: SearchQuestion): void
  /** The next hits of one kind, appended to the view. */
  askMore(kind: DocumentKind): void
  /** What was opened or played goes into the device's index, so that it is found again without a network. */
  touch(hit: SearchHit): void
  /** Newest first, at most ten; they never leave the device. */
  readonly recents: Readable<readonly string[]>
  remember(text: string): void
  forget(text: string): void
  forgetAll(): void
}
