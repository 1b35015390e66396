import type { DocumentAddress } from '@tonestead/crdt/documents/document-kind'
import type { Documents as DocumentsByKind, Intents } from '@tonestead/crdt/documents/documents'
import type { Readable } from '../readable.ts'

// Documents as the page sees them. They live in the worker of one tab (the leader); every tab has plain mirrors of those that it shows.

/**
 * A document of the account, or of a shared collection (`collection`: its id). The account's own collection may also be named by its id: it is the same document.
 * The kind of the address says its type.
 */
export type DocumentRef<K extends DocumentAddress['kind'] = DocumentAddress['kind']> = {
  readonly collection?: string
  readonly address: Extract<DocumentAddress, { kind: K }> | (DocumentAddress & { readonly kind: K })
}

/** How another document names a document: 52 characters of base32 each, as `packedItem` of the root needs them. */
export type DocumentIds = { readonly collection: string; readonly document: string }

/**
 * A document in this tab: plain data (texts are strings), read by the functions of `crdt/`. Never changed in place: an edit or a patch makes a new value, and what did
 * not change in it stays the same object. `isReadOnly`: this account may not write it, or it was written by a newer version.
 */
export type DocumentView<K extends DocumentAddress['kind']> =
  | { readonly kind: 'loading' }
  /** `isKnown`: false while nothing of it was ever written; `document` is its beginning then. */
  | {
      readonly kind: 'open'
      readonly document: DocumentsByKind[K]
      readonly isKnown: boolean
      readonly isReadOnly: boolean
    }
  | { readonly kind: 'unavailable'; readonly reason: DocumentsFault }

/** Why this browser keeps no documents. What was there is left as it is. */
export type DocumentsFault =
  /** No IndexedDB, no worker or no WebAssembly, or the browser refuses them. */
  | 'not-supported'
  /** The journal could not be read or written (a full disk). */
  | 'storage-failed'
  /** The account has no relay yet: the server was never reached. */
  | 'not-begun'

/** What became of an edit. `kept`: it is in the journal of this device and survives a crash. `refused`: nothing was kept; the mirror shows the value without it. */
export type EditResult =
  | { readonly kind: 'kept' | 'unchanged' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'read-only' }

/** How far a collection is synced, derived from its log and its waiting edits, never from the socket alone. */
export type SyncStatus =
  /** Nothing waits, and the relay confirmed the newest item at this instant (UTC, ms). */
  | { readonly kind: 'synced'; readonly atMs: number }
  /** Changes of this device that the relay has not confirmed. `isConnected`: they are being sent. */
  | { readonly kind: 'waiting'; readonly changes: number; readonly isConnected: boolean }
  /** Nothing waits here; what others changed meanwhile is not known. */
  | { readonly kind: 'offline'; readonly atMs: number | undefined }
  /** Something that only a person can solve. */
  | { readonly kind: 'needs-you'; readonly reason: 'frozen' | 'update-needed' | 'key-missing' | 'storage-failed' }
  /** This browser keeps no documents, or is still opening them. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'unavailable'; readonly reason: DocumentsFault }

/** What became of a question to the leader. `failed`: it could not be answered, and the log says why. */
export type LeaderAnswer =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'unavailable'; readonly reason: DocumentsFault }
  | { readonly kind: 'failed' }

/** What the leading worker does for tabs beside documents, by the names of its parts. Plain data that can be cloned: who asks parses the answers and values. */
export type Leader = {
  /** Sent again to the next leader until it is answered, so a question must have its effect once. Rejects only when `signal` aborts. */
  readonly ask: (part: string, question: unknown, signal: AbortSignal) => Promise<LeaderAnswer>
  /** The newest value that the leader has for the key; undefined until one came. */
  readonly value: (part: string, key: string) => Readable<unknown>
}

export type DocumentService = Leader & {
  /** The view of a document. It is kept up to date while it has a subscriber; equal refs give the same readable. */
  readonly view: <K extends DocumentAddress['kind']>(ref: DocumentRef<K>) => Readable<DocumentView<K>>
  /** The view as soon as it is not `loading` any more. */
  readonly open: <K extends DocumentAddress['kind']>(
    ref: DocumentRef<K>,
    signal: AbortSignal,
  ) => Promise<Exclude<DocumentView<K>, { kind: 'loading' }>>
  /**
   * Applies an intent: at once in the mirror of this tab, then in the journal. Resolves when it is durable on this device. A large intent is split as `splitIntent` says.
   * Sent again to the next leader until it is answered, so one intent counts once.
   */
  readonly edit: <K extends DocumentAddress['kind']>(ref: DocumentRef<K>, intent: Intents[K]) => Promise<EditResult>
  /** The ids of a document, which follow from its ref; undefined while this browser keeps no documents, or the own collection has not begun. */
  readonly idsOf: (ref: DocumentRef) => Promise<DocumentIds | undefined>
  /** Of the collection of the account, or of a shared one. */
  readonly status: (collection?: string) => Readable<SyncStatus>
}
