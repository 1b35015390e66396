import type { Envelope } from '@tonestead/protocol/sync/envelope'
import { writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { ReplicaContext } from '../replica-context.ts'
import { acceptBody, dropBodies } from './accepted-bodies.ts'
import { applyBodies } from './apply-bodies.ts'
import type { CollectionState, Pending } from './collection-state.ts'
import { openSnapshots } from '../snapshots/check-snapshots.ts'
import { judgeBody } from './judge-body.ts'
import { judgeLog } from './judge-log.ts'
import { canBeJudged, checkAgainstLog, hasRival, isCutOff, isDead } from './pending-verdict.ts'
import { reissue } from './reissue.ts'
import { factRow, lostKey } from '../journal-keys.ts'

/**
 * Brings everything up to date with the log after it has changed, or after an envelope came: what has its place, what is dead, what may be applied now.
 * Gives the pending envelopes that were accepted, for others to be told.
 */
export const settle = async (context: ReplicaContext, state: CollectionState): Promise<readonly Pending[]> => {
  const accepted: Pending[] = []
  await openSnapshots(context, state)
  for (let isChanged = true; isChanged;) {
    isChanged = removePlaced(context, state)
    if (buryDead(context, state)) isChanged = true
    returnAside(state)
    await judgeLog(context, state)
    const more = await acceptWaiting(context, state)
    accepted.push(...more)
    if (more.length > 0 || hasDead(state)) isChanged = true
  }
  applyBodies(context, state)
  return accepted.filter(({ envelope }) => state.pending.has(envelope.id))
}

/** [RP1] An envelope leaves the pending ones when its item is read. */
const removePlaced = ({ turn }: ReplicaContext, state: CollectionState): boolean => {
  let isChanged = false
  for (const list of [state.pending, state.waiting, state.aside])
    for (const id of list.keys()) {
      if (state.log.seqOf(id) === undefined) continue
      list.delete(id)
      turn.writes.push({ kind: 'delete', table: 'pending', scope: state.id, key: id })
      turn.changed.add(state.id)
      isChanged = true
    }
  return isChanged
}

const hasDead = (state: CollectionState): boolean => findDead(state).length > 0

const findDead = (state: CollectionState): Pending[] => [
  ...[...state.pending.values()].filter(({ envelope }) => isCutOff(state, envelope) || isDead(state, envelope)),
  ...[...state.waiting.values(), ...state.aside.values()].filter(({ envelope }) => isDead(state, envelope)),
]

/** [RP14] Takes dead envelopes away, with their own effects; the author issues his intents again. */
const buryDead = (context: ReplicaContext, state: CollectionState): boolean => {
  const all: Pending[] = []
  for (let found = findDead(state); found.length > 0; found = findDead(state)) {
    for (const { envelope } of found) bury(context, state, envelope)
    all.push(...found)
  }
  if (all.length === 0) return false
  reissue(context, state, all)
  dropBodies(
    state,
    all.map(({ envelope }) => envelope.id),
  )
  // [RP16] A feed is never continued after a drop.
  state.feed = undefined
  context.turn.changed.add(state.id)
  return true
}

const bury = ({ turn }: ReplicaContext, state: CollectionState, { id, header }: Envelope): void => {
  for (const list of [state.pending, state.waiting, state.aside]) list.delete(id)
  state.dead.add(id)
  for (const entry of state.bodies.get(id)?.entries ?? []) {
    const author = { account: header.account, device: header.device }
    state.lostEntries.set(entry, author)
    turn.writes.push(factRow(state, lostKey(entry), author))
  }
  turn.writes.push({ kind: 'delete', table: 'pending', scope: state.id, key: id })
}

/** [RP12] A second envelope of a place has its chance when the first is gone. */
const returnAside = (state: CollectionState): void => {
  for (const [id, pending] of state.aside) {
    if (hasRival(state, pending.envelope)) continue
    state.aside.delete(id)
    state.waiting.set(id, pending)
  }
}

const acceptWaiting = async (context: ReplicaContext, state: CollectionState): Promise<Pending[]> => {
  const accepted: Pending[] = []
  for (const pending of [...state.waiting.values()]) {
    const { envelope } = pending
    if (checkAgainstLog(state, envelope).kind !== 'ok' || !canBeJudged(state, envelope)) continue
    if (hasRival(state, envelope)) {
      state.waiting.delete(envelope.id)
      state.aside.set(envelope.id, pending)
    } else if (await acceptPending(context, state, pending)) accepted.push(pending)
  }
  return accepted
}

const acceptPending = async (context: ReplicaContext, state: CollectionState, pending: Pending): Promise<boolean> => {
  const { envelope, origin } = pending
  const verdict = await judgeBody(context, state, envelope)
  if (verdict.kind === 'void') {
    bury(context, state, envelope)
    reissue(context, state, [pending])
  }
  if (verdict.kind !== 'holds') return false
  state.waiting.delete(envelope.id)
  acceptBody(state, envelope, verdict)
  state.pending.set(envelope.id, pending)
  if (origin !== 'own') context.turn.writes.push(pendingRow(state, envelope))
  return true
}

/** The row of a pending envelope. */
export const pendingRow = (state: CollectionState, envelope: Envelope) =>
  ({ kind: 'put', table: 'pending', scope: state.id, key: envelope.id, value: writeItem(envelope) }) as const
