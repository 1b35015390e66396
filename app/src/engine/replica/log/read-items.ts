import { toBase64Url } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import { nextChain } from '@tonestead/protocol/sync/chain'
import { writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { verifyReceipt } from '@tonestead/protocol/sync/keys/receipt'
import { checkItem, verifyItem } from '@tonestead/protocol/sync/log/check-item'
import type { LogItem, Receipt } from '@tonestead/protocol/sync/log-item'
import type { MembershipState, NeverReason, WaitReason } from '@tonestead/protocol/sync/log-state'
import type { ChainHash } from '@tonestead/protocol/sync/sync-ids'
import type { CollectionState } from '../collection/collection-state.ts'
import { alarmKey, factRow, placeKey, receiptKey } from '../journal-keys.ts'
import { noteBody } from '../collection/note-body.ts'
import { asVerified } from '@tonestead/protocol/sync/log/verified-item'
import type { ReplicaContext } from '../replica-context.ts'

/** Items that follow the log, and a receipt for a place up to which they are here. */
export type Continuation = { readonly items: readonly LogItem[]; readonly receipt: Receipt }

/**
 * `read`: the log now reaches the receipt. `off-chain`: the items do not lead from the log to the receipt; nothing was read. `not-signed`: the receipt is not of
 * the home relay; nothing was read. `rule-broken`: the relay gave a place to an item that breaks a rule; what stands before it was read.
 */
export type ReadOutcome =
  | { readonly kind: 'read' | 'off-chain' | 'not-signed' }
  | { readonly kind: 'rule-broken'; readonly seq: number; readonly reason: NeverReason | WaitReason }

/** [RP7] Reads items of which a receipt of the home relay says that they are the log: chain, receipt, signatures, and of L1 what the log itself shows. */
export const readItems = async (
  context: ReplicaContext,
  state: CollectionState,
  { items, receipt }: Continuation,
): Promise<ReadOutcome> => {
  const start = state.log.length()
  const wanted = items.slice(0, Math.max(0, receipt.seq - start))
  const chains = await chainsOf(context, state, wanted)
  if (start + wanted.length !== receipt.seq || chains.at(-1) !== receipt.chain) return { kind: 'off-chain' }
  const home = homeKeyOf(state.log.now(), wanted)
  if (home === undefined || !(await verifyReceipt(context, receipt, home))) return { kind: 'not-signed' }
  const vouched = vouchedFor(wanted)
  for (const [index, item] of wanted.entries()) {
    const chain = chains[index] ?? receipt.chain
    const reason = await readItem(context, state, { item, chain, isVouched: vouched.has(item.id) })
    if (reason === undefined) continue
    if (index > lastMove(wanted)) return { kind: 'rule-broken', seq: start + index + 1, reason }
    unread(context, state, start)
    return { kind: 'not-signed' }
  }
  keepReceipt(context, state, receipt)
  return { kind: 'read' }
}

/** Keeps the newest receipt: it covers everything that was read. */
const keepReceipt = ({ turn }: ReplicaContext, state: CollectionState, receipt: Receipt): void => {
  state.receipt = receipt
  turn.writes.push(factRow(state, receiptKey, { ...receipt, signature: toBase64Url(receipt.signature) }))
}

const chainsOf = async (
  { subtle }: ReplicaContext,
  { log }: CollectionState,
  items: readonly LogItem[],
): Promise<readonly ChainHash[]> => {
  const chains: ChainHash[] = []
  let chain = log.chainAt(log.length())
  for (const { id } of items) {
    chain = await nextChain({ subtle }, chain, id)
    chains.push(chain)
  }
  return chains
}

/** [RP24] The key that signs receipts for these items: of the home relay that the newest creation or re-homing names. */
const homeKeyOf = (now: MembershipState | undefined, items: readonly LogItem[]): SigningJwk | undefined => {
  const moved = items[lastMove(items)]
  const operation = moved?.kind === 'membership' ? moved.header.operation : undefined
  return operation !== undefined && 'home' in operation ? operation.home.key : now?.home.key
}

/** The index of the last item that names a home relay; −1 if there is none. */
const lastMove = (items: readonly LogItem[]): number =>
  items.findLastIndex((item) => item.kind === 'membership' && 'home' in item.header.operation)

/** The receipt was of a relay that is not the home after all: nothing of it counts. */
const unread = (
  { turn }: ReplicaContext,
  { id, log, freshBodies, snapshots }: CollectionState,
  length: number,
): void => {
  for (const { item } of log.cut(length)) {
    freshBodies.delete(item.id)
    snapshots.bodiless.delete(item.id)
  }
  turn.writes.push({ kind: 'delete-from', table: 'items', scope: id, key: placeKey(length + 1) })
}

/**
 * The id of an envelope covers the id of the one before it in its feed, so the signature of the later one vouches for both. Gives those that need no
 * verification of their own.
 */
const vouchedFor = (items: readonly LogItem[]): ReadonlySet<string> => {
  const ids = new Set(items.map(({ id }) => id))
  const named = items.flatMap((item) =>
    item.kind === 'envelope' && item.header.number > 1 && item.header.prev !== undefined ? [item.header.prev] : [],
  )
  return new Set(named.filter((id) => ids.has(id)))
}

type Reading = { readonly item: LogItem; readonly chain: ChainHash; readonly isVouched: boolean }

/** Checks one item and appends it; gives the rule that it breaks. */
const readItem = async (
  context: ReplicaContext,
  state: CollectionState,
  { item, chain, isVouched }: Reading,
): Promise<NeverReason | WaitReason | undefined> => {
  const { log } = state
  const verified =
    isVouched && item.kind !== 'membership'
      ? asVerified(item)
      : await verifyItem(context, item, { now: log.now(), length: log.length() })
  if (verified.kind === 'never' || verified.kind === 'wait') return verified.reason
  // What is only pending here counts for nothing: the relay must have placed it before.
  const verdict = checkItem({ ...log.factsFor(verified), pendingEnvelope: () => undefined }, verified)
  if (verdict.kind !== 'ok') return verdict.reason
  const whole = withPendingBody(state, item)
  const key = placeKey(log.append(whole, verified, chain))
  if (whole.kind === 'envelope') noteBody(state, whole)
  if (item.kind === 'membership') {
    context.hasNewKeys = true
    if (item.header.operation.kind === 're-homed') endAlarm(context, state)
  }
  context.turn.writes.push({ kind: 'put', table: 'items', scope: state.id, key, value: writeItem(whole) })
  context.turn.changed.add(state.id)
  return undefined
}

/** [SN1] A relay may have dropped a body that is still here, because the envelope was pending. */
const withPendingBody = (state: CollectionState, item: LogItem): LogItem => {
  if (item.kind !== 'envelope' || item.body !== undefined) return item
  const lists = [state.pending, state.waiting, state.aside]
  const body = lists.map((list) => list.get(item.id)?.envelope.body).find((each) => each !== undefined)
  return { ...item, body }
}

/** [RP24] A new home is the way out of an alarm about the old one. */
const endAlarm = ({ turn }: ReplicaContext, state: CollectionState): void => {
  state.alarm = undefined
  state.movedTo = undefined
  turn.writes.push({ kind: 'delete', table: 'facts', scope: state.id, key: alarmKey })
}
