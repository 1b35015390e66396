import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '../bytes.ts'
import type { ChainHash, CollectionId, DocumentId, EpochId, FeedId, ItemId } from './sync-ids.ts'

// The envelope: sealed Automerge changes of one document, with a signed header in clear.

/** The newest item that the author had read: its place (1 is the first; 0: none) and the chain hash at it. */
export type Seen = { readonly seq: number; readonly chain: ChainHash }

/** The header in clear. Its canonical bytes are what the signature and the id cover. */
export type EnvelopeHeader = {
  /** Version of the wire format. */
  readonly version: 1
  /** Version of the document's schema; an unknown one makes the document read-only, it is never void. */
  readonly schemaVersion: number
  readonly collection: CollectionId
  readonly document: DocumentId
  readonly account: AccountId
  readonly device: DeviceId
  readonly feed: FeedId
  /** From 1, without gaps in a feed. */
  readonly number: number
  /** The envelope before it in the feed; for number 1 the device's last live envelope in the collection; undefined for its very first. */
  readonly prev: ItemId | undefined
  readonly seen: Seen
  /** Pending envelopes of other feeds that this one builds on; sorted, no doubles. */
  readonly deps: readonly ItemId[]
  readonly epoch: EpochId
  /** For each Automerge change in the body, in order: the first 16 bytes of HMAC-SHA-256 of its hash under the hash key of the epoch, in hexadecimal. */
  readonly changeHashes: readonly string[]
  /** 16 random bytes: salt of the key derivation. */
  readonly salt: Bytes
  /** Size in bytes and SHA-256 (hexadecimal) of the ciphertext. */
  readonly bodyBytes: number
  readonly bodyHash: string
}

/** A whole envelope. `id` is SHA-256 of the header bytes with their label. `signature`: Ed25519 of the device, 64 bytes. */
export type Envelope = {
  readonly kind: 'envelope'
  readonly id: ItemId
  readonly header: EnvelopeHeader
  readonly headerBytes: Bytes
  readonly signature: Bytes
  /** The ciphertext, with the tag of AES-GCM at its end. Undefined where the relay has dropped it under a snapshot. */
  readonly body: Bytes | undefined
}
