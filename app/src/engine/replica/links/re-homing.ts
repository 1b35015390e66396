import { keptPlaceOf, preferRehoming } from '@tonestead/protocol/sync/log/re-homing'
import type { VerifiedMembership } from '@tonestead/protocol/sync/log/verified-item'
import { verifyMembership } from '@tonestead/protocol/sync/log/verify-membership'
import type { LogItem } from '@tonestead/protocol/sync/log-item'
import type { MembershipItem, MembershipOperation } from '@tonestead/protocol/sync/membership'
import { readItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { Envelope } from '@tonestead/protocol/sync/envelope'
import type { ItemId } from '@tonestead/protocol/sync/sync-ids'
import { restoreForCut } from '../snapshots/kept-snapshots.ts'
import { restoreBody } from '../snapshots/restore-body.ts'
import type { CollectionState } from '../collection/collection-state.ts'
import { pendingRow } from '../collection/settle.ts'
import { alarmKey, placeKey, receiptKey } from '../journal-keys.ts'
import type { LoggedItem } from '../log/collection-log.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { raiseAlarm } from './raise-alarm.ts'

// [RP24] A lost home relay is replaced by an item of an owner's root key that names the place up to which the log is kept.

type Rehomed = Extract<MembershipOperation, { kind: 're-homed' }>
/** A re-homing in the log of the other side. */
export type Rehoming = { readonly item: MembershipItem; readonly operation: Rehomed }

/** The first re-homing of the other side's log that is not in ours, of our generation or a later one. */
export const findRehoming = ({ log }: CollectionState, theirs: readonly LogItem[]): Rehoming | undefined => {
  for (const item of theirs) {
    if (item.kind !== 'membership' || item.header.operation.kind !== 're-homed' || log.seqOf(item.id) !== undefined)
      continue
    if (item.header.operation.generation >= (log.now()?.generation ?? 0))
      return { item, operation: item.header.operation }
  }
  return undefined
}

/**
 * Cuts the log here at the place that the re-homing keeps, if it holds and, where there is another one of its generation, wins. Gives false when it is not
 * followed.
 */
export const cutForRehoming = async (
  context: ReplicaContext,
  state: CollectionState,
  { rehoming, differsAt }: { rehoming: Rehoming; differsAt: number | undefined },
): Promise<boolean> => {
  const { item, operation } = rehoming
  const { keeps, generation } = operation
  // A log here that is shorter than what is kept is only continued.
  if (keeps.seq >= state.log.length()) return true
  const at = state.log.stateAt(keeps.seq)
  if (at === undefined || generation !== at.generation + 1 || at.members.get(item.header.account)?.role !== 'owner')
    return false
  const verified = await verifyMembership(context, item, at)
  if (verified.kind === 'never' || !wins(state, verified)) return false
  if (differsAt !== undefined && differsAt <= keeps.seq) {
    raiseAlarm(context, state, { kind: 're-homed-elsewhere', seq: differsAt, proof: [] })
    return false
  }
  await cutLog(context, state, keeps.seq)
  return true
}

/** Is there no re-homing of its generation here, or one that does not count beside it? */
const wins = ({ log }: CollectionState, theirs: VerifiedMembership): boolean => {
  const { operation } = theirs.header
  const ours = operation.kind === 're-homed' ? ownRehoming(log, operation.generation) : undefined
  if (ours === undefined) return true
  const state = log.stateAt(Math.min(keptPlaceOf(theirs) ?? 0, keptPlaceOf(ours) ?? 0))
  return state !== undefined && preferRehoming(state, ours, theirs) === theirs
}

const ownRehoming = (log: CollectionState['log'], generation: number): VerifiedMembership | undefined => {
  for (const seq of log.membershipPlaces()) {
    const item = log.at(seq)?.item
    if (item?.kind !== 'membership' || item.header.operation.kind !== 're-homed') continue
    if (item.header.operation.generation !== generation) continue
    return { kind: 'membership', id: item.id, header: item.header, boxRecipients: [], account: undefined }
  }
  return undefined
}

/** What lies behind the place has none any more: it is pending again, and `settle` decides what becomes of it. */
const cutLog = async (context: ReplicaContext, state: CollectionState, length: number): Promise<void> => {
  await restoreForCut(context, state, length)
  const bodies = await storedEnvelopes(context, state, length)
  const tail = state.log.cut(length)
  for (const { item } of tail) forgetSnapshots(state, item.id)
  state.judged = Math.min(state.judged, length)
  state.isCut = true
  state.receipt = undefined
  state.alarm = undefined
  state.feed = undefined
  const { writes } = context.turn
  writes.push({ kind: 'delete-from', table: 'items', scope: state.id, key: placeKey(length + 1) })
  for (const key of [receiptKey, alarmKey]) writes.push({ kind: 'delete', table: 'facts', scope: state.id, key })
  // They came before every envelope that is pending already.
  const later = [...state.pending]
  state.pending.clear()
  for (const logged of tail) makePending(context, state, { logged, envelope: bodies.get(logged.item.id) })
  for (const [id, pending] of later) state.pending.set(id, pending)
  forgetSeenEntries(state)
  context.turn.isStrict = true
}

const makePending = (
  context: ReplicaContext,
  state: CollectionState,
  { logged, envelope }: { logged: LoggedItem; envelope: Envelope | undefined },
): void => {
  const { id } = logged.item
  for (const set of [state.voids, state.unread, state.dead]) set.delete(id)
  state.faults.delete(id)
  if (envelope === undefined) return
  const isOwn = envelope.header.device === context.device.device
  const list = state.bodies.has(id) ? state.pending : state.waiting
  list.set(id, { envelope, origin: isOwn ? 'own' : 'peer' })
  context.turn.writes.push(pendingRow(state, envelope))
}

/** The envelopes behind a place, with their bodies. */
const storedEnvelopes = async (
  context: ReplicaContext,
  state: CollectionState,
  length: number,
): Promise<ReadonlyMap<string, Envelope>> => {
  const { rows } = await context.journal.read({ table: 'items', scope: state.id, from: placeKey(length + 1) })
  const found = new Map<string, Envelope>()
  for (const { value } of rows) {
    const item = await readItem(value)
    // Without its body it can be neither shown nor sent.
    const envelope = item?.kind === 'envelope' ? await restoreBody(context, state, item) : undefined
    if (envelope?.body !== undefined) found.set(envelope.id, envelope)
  }
  return found
}

/** A snapshot or a body that has no place any more. */
const forgetSnapshots = ({ snapshots }: CollectionState, id: ItemId): void => {
  const { bodiless, bodies, opened, downloads, checked, refuted, refused, stored, confirmations } = snapshots
  for (const list of [bodiless, bodies, opened, downloads, checked, refuted, refused, stored, confirmations])
    list.delete(id)
}

/** What was seen is what the log holds. */
const forgetSeenEntries = (state: CollectionState): void => {
  for (const document of state.documents.values()) document.entriesSeen.clear()
  for (const [id, body] of state.bodies)
    if (state.log.seqOf(id) !== undefined)
      for (const entry of body.entries) state.documents.get(body.document)?.entriesSeen.add(entry)
}
