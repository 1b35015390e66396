import { parseDeviceId, type DeviceId } from '@tonestead/crdt/ids'
import { toBase32, type Bytes } from '@tonestead/protocol/bytes'
import {
  parseChainHash,
  parseFeedId,
  parseItemId,
  syncIdToBytes,
  type ChainHash,
  type FeedId,
  type ItemId,
} from '@tonestead/protocol/sync/sync-ids'

// Ids in the databases are their 32 bytes.

export const toStored = (id: string): Bytes => syncIdToBytes(id)
export const itemIdOf = (bytes: Uint8Array): ItemId => parseItemId(toBase32(bytes))
export const chainHashOf = (bytes: Uint8Array): ChainHash => parseChainHash(toBase32(bytes))
export const feedIdOf = (bytes: Uint8Array): FeedId => parseFeedId(toBase32(bytes))
export const deviceIdOf = (bytes: Uint8Array): DeviceId => parseDeviceId(toBase32(bytes))

/** Kinds of items, as the databases number them. */
export const kindNumbers = { envelope: 1, membership: 2, snapshot: 3, confirmation: 4 } as const
