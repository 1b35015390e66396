import type { Bytes } from '../bytes.ts'
import type { Confirmation } from './confirmation.ts'
import type { Envelope } from './envelope.ts'
import type { MembershipItem } from './membership.ts'
import type { Snapshot } from './snapshot.ts'
import type { ChainHash, CollectionId } from './sync-ids.ts'

// What has a place in a log, and the relay's receipts for places.

/** What can be appended to a log. */
export type LogItem = Envelope | MembershipItem | Snapshot | Confirmation

/** An item with its place. `seq` counts from 1. `chain` = SHA-256 of the label, the chain hash before it and the item's id. */
export type PlacedItem = { readonly seq: number; readonly chain: ChainHash; readonly item: LogItem }

/** The relay's word that the log up to `seq` is durable: Ed25519 over label, collection, generation, seq, chain, and the nonce if a device asked with one. */
export type Receipt = {
  readonly collection: CollectionId
  /** How many times the collection has been re-homed. */
  readonly generation: number
  readonly seq: number
  readonly chain: ChainHash
  /** 16 bytes in base64url of a device that asked for a fresh head; undefined in ordinary receipts. */
  readonly nonce?: string | undefined
  readonly signature: Bytes
}
