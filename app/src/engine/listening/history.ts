import type { Play } from '@tonestead/crdt/listening/packed-play'
import type { DocumentsFault } from '../documents/documents.ts'
import type { Readable } from '../readable.ts'

/** A play with its key, which is different for each. */
export type HistoryPlay = Play & { readonly key: string }

/** What was played, newest first. `isComplete`: every document of these months was read. `hasEarlier`: there are months before them. */
export type HistoryView =
  | { readonly kind: 'loading' }
  | { readonly kind: 'unavailable'; readonly reason: DocumentsFault }
  | {
      readonly kind: 'open'
      readonly plays: readonly HistoryPlay[]
      readonly isComplete: boolean
      readonly hasEarlier: boolean
    }

/** What became of clearing. */
export type HistoryChange =
  | { readonly kind: 'changed'; readonly undo: () => Promise<HistoryChange> }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'not-changed'; readonly reason: DocumentsFault | 'read-only' | 'refused' }

/** What was played on all devices of the account. Rules: SPEC.md. */
export type History = {
  /** Of the newest `months` months in which something was played. Kept up to date while it has a subscriber; equal numbers give the same readable. */
  view(months: number): Readable<HistoryView>
  /** Removes all of it, on every device. An abort ends the wait for the documents. */
  clear(signal: AbortSignal): Promise<HistoryChange>
}
