import type { Bytes } from '@tonestead/protocol/bytes'
import { readItem, writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { Snapshot } from '@tonestead/protocol/sync/snapshot'
import type { CollectionState } from '../collection/collection-state.ts'
import { keptKey, keptPartKey, placeKey } from '../journal-keys.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { envelopesUpTo } from './document-content.ts'
import { openSnapshot } from './open-snapshot.ts'
import { restoreBody } from './restore-body.ts'

// [SN5] Bodies leave the journal under a snapshot that this device has made or checked. The snapshot comes and the bodies go in one transaction.

/** Keeps a snapshot in the place of the bodies under it, and of the former snapshot of the document. */
export const keepSnapshot = (
  { turn, log }: ReplicaContext,
  state: CollectionState,
  { item, parts }: { readonly item: Snapshot; readonly parts: readonly Bytes[] },
): void => {
  const { document, place } = item.header
  forgetKept({ turn }, state, state.snapshots.kept.get(document))
  const scope = state.id
  turn.writes.push({ kind: 'put', table: 'facts', scope, key: keptKey(document), value: writeItem(item) })
  for (const [part, value] of parts.entries())
    turn.writes.push({ kind: 'put', table: 'snapshots', scope, key: keptPartKey(document, part), value })
  state.snapshots.kept.set(document, item)
  state.snapshots.checked.add(item.id)
  let bodies = 0
  for (const envelope of envelopesUpTo(state, document, place.seq)) {
    if (!state.bodies.has(envelope.id) || state.snapshots.bodiless.has(envelope.id)) continue
    state.snapshots.bodiless.add(envelope.id)
    const key = placeKey(state.log.seqOf(envelope.id) ?? 0)
    turn.writes.push({ kind: 'put', table: 'items', scope, key, value: writeItem({ ...envelope, body: undefined }) })
    bodies += 1
  }
  log.info('bodies have left the journal under a snapshot', { bodies })
}

const forgetKept = (
  { turn }: Pick<ReplicaContext, 'turn'>,
  state: CollectionState,
  item: Snapshot | undefined,
): void => {
  if (item === undefined) return
  const { document, parts } = item.header
  const scope = state.id
  turn.writes.push({ kind: 'delete', table: 'facts', scope, key: keptKey(document) })
  for (const part of parts.keys())
    turn.writes.push({ kind: 'delete', table: 'snapshots', scope, key: keptPartKey(document, part) })
  state.snapshots.kept.delete(document)
}

/** Takes a snapshot that the journal says it keeps. */
export const readKeptSnapshot = async (state: CollectionState, value: Bytes): Promise<void> => {
  const item = await readItem(value)
  if (item?.kind !== 'snapshot') return
  state.snapshots.kept.set(item.header.document, item)
  state.snapshots.checked.add(item.id)
}

/** The parts of a kept snapshot; undefined when one is damaged. */
export const readKeptParts = async (
  { journal }: ReplicaContext,
  { id }: CollectionState,
  { header }: Snapshot,
): Promise<readonly Bytes[] | undefined> => {
  const from = keptPartKey(header.document, 0)
  const limit = header.parts.length
  const { rows } = await journal.read({ table: 'snapshots', scope: id, from, limit })
  const isWhole = rows.length === limit && rows.every(({ key }, part) => key === keptPartKey(header.document, part))
  return isWhole ? rows.map(({ value }) => value) : undefined
}

/** Opens the kept snapshots under which envelopes wait to be judged: after a start. One that is damaged is forgotten, and the relay is asked. */
export const openKeptSnapshots = async (context: ReplicaContext, state: CollectionState): Promise<void> => {
  for (const item of [...state.snapshots.kept.values()]) {
    const keys = state.epochs.get(item.header.epoch)?.keys
    if (item.header.place.seq <= state.judged || keys === undefined || state.snapshots.opened.has(item.id)) continue
    const parts = await readKeptParts(context, state, item)
    const opened = parts && (await openSnapshot(context, keys, { item, parts, isChecked: true }))
    if (opened !== undefined) state.snapshots.opened.set(item.id, opened)
    else {
      context.log.warn('a snapshot in the journal cannot be read')
      forgetKept(context, state, item)
      state.snapshots.checked.delete(item.id)
    }
  }
}

/** [RP24] [SN5] Before the log is cut: bodies under a snapshot of a place that goes are made again, and the snapshot is forgotten. */
export const restoreForCut = async (context: ReplicaContext, state: CollectionState, length: number): Promise<void> => {
  for (const item of [...state.snapshots.kept.values()]) {
    if (item.header.place.seq <= length) continue
    for (const envelope of envelopesUpTo(state, item.header.document, item.header.place.seq)) {
      if (!state.snapshots.bodiless.has(envelope.id)) continue
      const restored = await restoreBody(context, state, envelope)
      if (restored.body === undefined) continue
      state.snapshots.bodiless.delete(envelope.id)
      const key = placeKey(state.log.seqOf(envelope.id) ?? 0)
      context.turn.writes.push({ kind: 'put', table: 'items', scope: state.id, key, value: writeItem(restored) })
    }
    forgetKept(context, state, item)
    state.snapshots.checked.delete(item.id)
  }
}
