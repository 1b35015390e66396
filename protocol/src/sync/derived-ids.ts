import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import { toHex, type Bytes } from '../bytes.ts'
import { hashOf, labels } from './sync-hash.ts'
import {
  parseCollectionId,
  parseFeedId,
  parseItemId,
  syncIdBytes,
  syncIdOfBytes,
  syncIdToBytes,
  type ChainHash,
  type CollectionId,
  type DocumentId,
  type FeedId,
  type ItemId,
} from './sync-ids.ts'

// Ids that follow from other values. docs/formats.md, "Documents and sync".

/** Bytes of the nonce of a shared collection, and of the random part of a feed id. */
export const nonceBytes = 16
/** Bytes of an Automerge actor. */
const actorBytes = 16

/** The personal collection of an account. */
export const personalCollectionId = (account: AccountId): CollectionId =>
  parseCollectionId(syncIdOfBytes(hashOf(labels.personalCollection, syncIdToBytes(account))))

/** A shared collection: of the device that creates it, and 16 random bytes. Throws a RangeError on a nonce of another length. */
export const sharedCollectionId = (creatorDevice: DeviceId, nonce: Uint8Array): CollectionId => {
  if (nonce.length !== nonceBytes) throw new RangeError(`a nonce has ${nonceBytes} bytes`)
  return parseCollectionId(syncIdOfBytes(hashOf(labels.sharedCollection, syncIdToBytes(creatorDevice), nonce)))
}

/** The id of an absent item in hashes and headers: 32 zero bytes. */
export const optionalIdToBytes = (id: ItemId | undefined): Bytes =>
  id === undefined ? new Uint8Array(syncIdBytes) : syncIdToBytes(id)

/**
 * A new feed of a device after `prev` (undefined: the device has no envelope in this collection yet). Takes 16 bytes of `random`, which must be the salt of
 * the feed's first envelope: so everyone can see that a feed belongs to its device.
 */
export const newFeedId = (
  { random }: { random: (bytes: number) => Bytes },
  device: DeviceId,
  prev: ItemId | undefined,
): FeedId =>
  parseFeedId(syncIdOfBytes(hashOf(labels.feed, syncIdToBytes(device), optionalIdToBytes(prev), random(nonceBytes))))

/** The Automerge actor of a feed in a document: 16 bytes in hexadecimal, as Automerge writes actors. */
export const actorOf = (feed: FeedId, document: DocumentId): string =>
  toHex(hashOf(labels.actor, syncIdToBytes(feed), syncIdToBytes(document)).subarray(0, actorBytes))

/** The chain hash of an empty log: the bytes of the collection id. */
export const firstChain = (collection: CollectionId): ChainHash => collection as string as ChainHash

/** The item id of the header bytes of an item, under the label of its kind. */
export const itemIdOf = (label: Bytes, headerBytes: Bytes): ItemId =>
  parseItemId(syncIdOfBytes(hashOf(label, headerBytes)))
