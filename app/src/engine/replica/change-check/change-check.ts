import type { ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { DocumentIndex } from './operation-index/document-index.ts'
import type { ChangeRecord } from './operation-index/op-record.ts'
import type { VoidReason } from './void-reason.ts'

/** What an envelope's body claims, and what is known. */
export type ChangeCheckRequest = {
  /** The actor that belongs to the feed and the document, hexadecimal. */
  readonly actor: string
  /** The opened body: its Automerge changes, in order. */
  readonly changes: readonly Uint8Array[]
  /** Accepted changes of the document, with the constant first one; of the feed only what comes before this envelope. */
  readonly index: DocumentIndex
  /** Is the envelope logged at or before `seen`, or named in `deps`, or earlier in the same feed? */
  readonly isPast: (envelope: ItemId) => boolean
  /**
   * The hash of the device's last live change of the document in an earlier feed; undefined if there is none. The first change of a feed must follow it: so a
   * document has at most one head for each device, and nobody can make a change so large by many heads that it breaks the limits.
   */
  readonly follows: string | undefined
}

export type ChangeVerdict =
  /** `changes` are to be added to the index, under the id of the envelope, when the envelope is applied. */
  | { readonly kind: 'ok'; readonly changes: readonly ChangeRecord[] }
  /** `change`: which one, from 0. */
  | { readonly kind: 'void'; readonly reason: VoidReason; readonly change: number }

/**
 * Rule E3: may Automerge see the body of an envelope? Pure and synchronous; the same answer on every device, since it follows from the envelope and its
 * past alone. Never throws for a body, whatever its bytes.
 */
export type ChangeCheck = { readonly check: (request: ChangeCheckRequest) => ChangeVerdict }
