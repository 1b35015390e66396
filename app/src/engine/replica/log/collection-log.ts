import type { LogFacts } from '@tonestead/protocol/sync/log-state'
import type { LogItem } from '@tonestead/protocol/sync/log-item'
import { createMemoryLog, type MemoryLog } from '@tonestead/protocol/sync/log/memory-log'
import type { VerifiedItem } from '@tonestead/protocol/sync/log/verified-item'
import type { ChainHash, CollectionId } from '@tonestead/protocol/sync/sync-ids'

/** An item with its place, without the body of an envelope: bodies stay in the journal. */
export type LoggedItem = { readonly seq: number; readonly chain: ChainHash; readonly item: LogItem }

/** The log of a collection as far as it has been read: headers in memory. */
export type CollectionLog = Omit<MemoryLog, 'append' | 'restore' | 'truncate' | 'entryAt'> & {
  readonly at: (seq: number) => LoggedItem | undefined
  /** Places of the items that changed the membership, in order. */
  readonly membershipPlaces: () => readonly number[]
  /** Appends an item that was checked, and gives its place. */
  readonly append: (item: LogItem, verified: VerifiedItem, chain: ChainHash) => number
  /** Takes away what lies behind this place and gives it, in order. */
  readonly cut: (length: number) => readonly LoggedItem[]
}

export const createCollectionLog = (
  collection: CollectionId,
  pendingEnvelope: LogFacts['pendingEnvelope'],
): CollectionLog => {
  const index = createMemoryLog({ collection, pendingEnvelope })
  const items: LoggedItem[] = []
  return {
    ...index,
    at: (seq) => items[seq - 1],
    membershipPlaces: () => items.flatMap(({ item, seq }) => (item.kind === 'membership' ? [seq] : [])),
    append: (item, verified, chain) => {
      const seq = index.append(verified, chain)
      items.push({ seq, chain, item: item.kind === 'envelope' ? { ...item, body: undefined } : item })
      return seq
    },
    cut: (length) => {
      index.truncate(length)
      return items.splice(length)
    },
  }
}
