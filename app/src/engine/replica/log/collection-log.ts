import type { LogFacts } from '@tonestead/protocol/sync/log-state'
import type { ConfirmationHeader } from '@tonestead/protocol/sync/confirmation'
import type { LogItem } from '@tonestead/protocol/sync/log-item'
import { createMemoryLog, type MemoryLog } from '@tonestead/protocol/sync/log/memory-log'
import type { VerifiedItem } from '@tonestead/protocol/sync/log/verified-item'
import type { Snapshot } from '@tonestead/protocol/sync/snapshot'
import type { ChainHash, CollectionId, DocumentId } from '@tonestead/protocol/sync/sync-ids'

/** An item with its place, without the body of an envelope: bodies stay in the journal. */
export type LoggedItem = { readonly seq: number; readonly chain: ChainHash; readonly item: LogItem }

/** The log of a collection as far as it has been read: headers in memory. */
export type CollectionLog = Omit<MemoryLog, 'append' | 'restore' | 'truncate' | 'entryAt'> & {
  readonly at: (seq: number) => LoggedItem | undefined
  /** Places of the items that changed the membership, in order. */
  readonly membershipPlaces: () => readonly number[]
  /** Places of the envelopes of a document, in order. */
  readonly placesOf: (document: DocumentId) => readonly number[]
  /** Documents that have an envelope. */
  readonly documents: () => readonly DocumentId[]
  /** In the order of the log. */
  readonly snapshots: () => readonly Snapshot[]
  readonly confirmations: () => readonly ConfirmationHeader[]
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
  const places = new Map<DocumentId, number[]>()
  const snapshots: Snapshot[] = []
  const confirmations: ConfirmationHeader[] = []
  const note = (item: LogItem, seq: number): void => {
    if (item.kind === 'snapshot') snapshots.push(item)
    if (item.kind === 'confirmation') confirmations.push(item.header)
    if (item.kind !== 'envelope') return
    const known = places.get(item.header.document)
    if (known === undefined) places.set(item.header.document, [seq])
    else known.push(seq)
  }
  const forget = ({ item }: LoggedItem): void => {
    if (item.kind === 'snapshot') snapshots.pop()
    if (item.kind === 'confirmation') confirmations.pop()
    if (item.kind === 'envelope') places.get(item.header.document)?.pop()
  }
  return {
    ...index,
    at: (seq) => items[seq - 1],
    placesOf: (document) => places.get(document) ?? [],
    documents: () => [...places.keys()],
    snapshots: () => snapshots,
    confirmations: () => confirmations,
    membershipPlaces: () => items.flatMap(({ item, seq }) => (item.kind === 'membership' ? [seq] : [])),
    append: (item, verified, chain) => {
      const seq = index.append(verified, chain)
      items.push({ seq, chain, item: item.kind === 'envelope' ? { ...item, body: undefined } : item })
      note(item, seq)
      return seq
    },
    cut: (length) => {
      index.truncate(length)
      const cut = items.splice(length)
      for (const logged of cut) forget(logged)
      return cut
    },
  }
}
