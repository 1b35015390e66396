import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '../bytes.ts'
import type { ChainHash, CollectionId, DocumentId, EpochId, ItemId } from './sync-ids.ts'

// A snapshot: a whole document as it is at a place of the log.

/** A sealed part: its size in bytes and the SHA-256 of its ciphertext (hexadecimal). Parts are sent and stored apart from the item. */
export type SnapshotPart = { readonly bytes: number; readonly hash: string }

/** The header of a snapshot in clear. */
export type SnapshotHeader = {
  readonly version: 1
  readonly schemaVersion: number
  readonly collection: CollectionId
  readonly document: DocumentId
  readonly account: AccountId
  readonly device: DeviceId
  /** The document as of this place. */
  readonly place: { readonly seq: number; readonly chain: ChainHash }
  /** Void envelopes of the document up to the place, which the snapshot omits; sorted. */
  readonly voids: readonly ItemId[]
  readonly epoch: EpochId
  readonly salt: Bytes
  readonly parts: readonly SnapshotPart[]
}

/** A whole snapshot item; its parts lie in the relay's store. */
export type Snapshot = {
  readonly kind: 'snapshot'
  readonly id: ItemId
  readonly header: SnapshotHeader
  readonly headerBytes: Bytes
  readonly signature: Bytes
}
