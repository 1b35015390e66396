import type { Snapshot } from '@tonestead/protocol/sync/snapshot'
import { writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { CollectionState } from '../collection/collection-state.ts'
import { factRow, falseSnapshotKey } from '../journal-keys.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { envelopesUpTo } from './document-content.ts'
import type { OpenedSnapshot } from './snapshot-state.ts'

/** [SN2] Gives the bodies in opened snapshots to the envelopes whose own are not here. Each is checked against its header when it is judged. */
export const mapOpenedSnapshots = (context: ReplicaContext, state: CollectionState): void => {
  for (const opened of state.snapshots.opened.values())
    if (opened.mappedLength !== state.log.length()) mapBodies(context, state, opened)
}

const mapBodies = ({ log }: ReplicaContext, state: CollectionState, opened: OpenedSnapshot): void => {
  const { item, name, envelopes } = opened
  const { document, place, voids } = item.header
  opened.mappedLength = state.log.length()
  const omitted = new Set(voids)
  const covered = envelopesUpTo(state, document, place.seq).filter(({ id }) => !omitted.has(id))
  let used = 0
  for (const [index, { id }] of covered.entries()) {
    const changes = envelopes[index]
    const isMissing = state.snapshots.bodiless.has(id) && !state.bodies.has(id) && !state.snapshots.bodies.has(id)
    if (changes === undefined || !isMissing || (state.log.seqOf(id) ?? 0) <= state.judged) continue
    state.snapshots.bodies.set(id, { snapshot: item.id, name, changes, isChecked: isCheckedHere(state, opened) })
    used += 1
  }
  if (used > 0)
    log.info(opened.isChecked ? 'a snapshot of the journal is used' : 'a snapshot is used', { bodies: used })
}

/** What was checked before was checked on this very log: the chain at its place says so. */
const isCheckedHere = ({ log }: CollectionState, { item, isChecked }: OpenedSnapshot): boolean => {
  const { seq, chain } = item.header.place
  return isChecked && seq <= log.length() && log.chainAt(seq) === chain
}

/** [SN3] The snapshot is false: nothing of it is used any more, it goes to the quarantine, and its author is named. */
export const refuteSnapshot = (
  { turn, log }: ReplicaContext,
  state: CollectionState,
  { id, reason }: { readonly id: ItemId; readonly reason: string },
): void => {
  const { refuted, downloads, opened, bodies } = state.snapshots
  const item = state.log.snapshots().find((each) => each.id === id)
  downloads.delete(id)
  opened.delete(id)
  for (const [envelope, { snapshot }] of bodies) if (snapshot === id) bodies.delete(envelope)
  // One that is only in the journal is not opened again; what it held is asked for.
  for (const [document, kept] of state.snapshots.kept) if (kept.id === id) state.snapshots.kept.delete(document)
  if (item === undefined || refuted.has(id)) return
  const author = { account: item.header.account, device: item.header.device }
  refuted.add(id)
  state.faults.set(id, author)
  turn.writes.push(factRow(state, falseSnapshotKey(id), author), quarantineRow(state, item))
  turn.changed.add(state.id)
  log.warn('a snapshot is false', { reason })
}

const quarantineRow = ({ id }: CollectionState, item: Snapshot) =>
  ({ kind: 'put', table: 'quarantine', scope: id, key: `snapshot/${item.id}`, value: writeItem(item) }) as const
