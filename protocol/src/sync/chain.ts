import { concat } from '../bytes.ts'
import { hashOf, labels } from './sync-hash.ts'
import { parseChainHash, syncIdOfBytes, syncIdToBytes, type ChainHash, type ItemId } from './sync-ids.ts'

/** The chain hash at the place of an item: SHA-256 of the label, the chain hash before it and the item's id. `firstChain` begins a log. */
export const nextChain = async (
  { subtle }: { subtle: SubtleCrypto },
  chain: ChainHash,
  itemId: ItemId,
): Promise<ChainHash> => {
  const link = concat(labels.chain, syncIdToBytes(chain), syncIdToBytes(itemId))
  return parseChainHash(syncIdOfBytes(new Uint8Array(await subtle.digest('SHA-256', link))))
}

/** The same for many items in a row, without waiting: a replica checks thousands at once. */
export const chainAfter = (chain: ChainHash, itemIds: readonly ItemId[]): ChainHash =>
  itemIds.reduce(
    (before, itemId) =>
      parseChainHash(syncIdOfBytes(hashOf(labels.chain, syncIdToBytes(before), syncIdToBytes(itemId)))),
    chain,
  )
