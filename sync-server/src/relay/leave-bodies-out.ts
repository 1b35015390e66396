import type { Bytes } from '@tonestead/protocol/bytes'
import type { ConfirmationHeader } from '@tonestead/protocol/sync/confirmation'
import { documentOfEnvelope, readItem, withoutBody } from '@tonestead/protocol/sync/codec/item-codec'
import { isConfirmed, type LoggedSnapshot } from '@tonestead/protocol/sync/log/confirmed-snapshots'
import type { DocumentId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { LogHead, LogStore } from '../ports/log-store.ts'

/** Gives an item as this reader gets it. */
export type AlterItem = (seq: number, bytes: Bytes) => Bytes

/** Snapshots and confirmations of a log; of snapshots those of which every part is stored. */
export const readCompleteSnapshots = async (
  store: Pick<LogStore, 'snapshots'>,
  collection: LogHead['collection'],
): Promise<{
  readonly snapshots: readonly LoggedSnapshot[]
  readonly confirmations: readonly ConfirmationHeader[]
}> => {
  const snapshots: LoggedSnapshot[] = []
  const confirmations: ConfirmationHeader[] = []
  for (const { bytes, isComplete } of await store.snapshots(collection)) {
    const item = await readItem(bytes)
    if (item?.kind === 'confirmation') confirmations.push(item.header)
    if (item?.kind === 'snapshot' && isComplete) snapshots.push(item)
  }
  return { snapshots, confirmations }
}

/**
 * [RC15] For a reader who begins and takes bodies from snapshots: leaves out those that the newest snapshot of their document holds. In a shared collection one that
 * another account has confirmed, so that a false one costs nobody time.
 */
export const leaveBodiesOut = async (store: Pick<LogStore, 'snapshots'>, head: LogHead): Promise<AlterItem> => {
  const { snapshots, confirmations } = await readCompleteSnapshots(store, head.collection)
  const newest = new Map<DocumentId, { readonly upTo: number; readonly omits: ReadonlySet<ItemId> }>()
  for (const snapshot of snapshots) {
    const { document, place, voids } = snapshot.header
    if (head.state.kind === 'shared' && !isConfirmed(head.state, snapshot, confirmations)) continue
    if (place.seq >= (newest.get(document)?.upTo ?? 0)) newest.set(document, { upTo: place.seq, omits: new Set(voids) })
  }
  return (seq, bytes) => {
    const envelope = newest.size === 0 ? undefined : documentOfEnvelope(bytes)
    const found = envelope === undefined ? undefined : newest.get(envelope.document)
    return found === undefined || envelope === undefined || seq > found.upTo || found.omits.has(envelope.id)
      ? bytes
      : withoutBody(bytes)
  }
}
