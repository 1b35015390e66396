import { writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { LogItem } from '@tonestead/protocol/sync/log-item'
import type { CollectionState } from '../collection/collection-state.ts'
import { placeKey } from '../journal-keys.ts'
import type { ReplicaContext } from '../replica-context.ts'

/** [SN2] Bodies of envelopes that stand in the log here without theirs. The header names the hash of its body, so anybody may bring it. Gives true when one was missing. */
export const takeBodies = (
  { turn }: ReplicaContext,
  { id: scope, log, judged, snapshots, freshBodies }: CollectionState,
  { from, items }: { readonly from: number; readonly items: readonly LogItem[] },
): boolean => {
  let isNew = false
  for (const [index, { id, ...item }] of items.entries()) {
    const seq = from + index
    const known = log.at(seq)?.item
    const body = item.kind === 'envelope' ? item.body : undefined
    if (body === undefined || known?.kind !== 'envelope' || known.id !== id) continue
    if (seq <= judged || !snapshots.bodiless.delete(id)) continue
    freshBodies.set(id, body)
    turn.writes.push({ kind: 'put', table: 'items', scope, key: placeKey(seq), value: writeItem({ ...known, body }) })
    isNew = true
  }
  return isNew
}
