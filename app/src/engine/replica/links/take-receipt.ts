import { toBase64Url } from '@tonestead/protocol/bytes'
import { verifyReceipt } from '@tonestead/protocol/sync/keys/receipt'
import type { Receipt } from '@tonestead/protocol/sync/log-item'
import type { CollectionState } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { startComparison } from './compare-logs.ts'
import { dropLink, type LinkState } from './link-state.ts'
import { contradiction, raiseAlarm } from './raise-alarm.ts'
import { sendToLink } from './send.ts'

/**
 * [RP7] Compares a receipt with what is here, and nothing else. A receipt for a place that is here must name its chain hash; two receipts for one place with
 * different chains prove that the relay lies. A receipt for more than is here says nothing yet. Gives false when the home relay has not signed it.
 */
const takeReceipt = async (
  context: ReplicaContext,
  state: CollectionState,
  { link, receipt }: { link: LinkState; receipt: Receipt },
): Promise<boolean> => {
  const now = state.log.now()
  if (now === undefined || receipt.generation < now.generation || receipt.seq > state.log.length()) return true
  if (receipt.generation > now.generation) {
    // A home that follows on this one and has a shorter log.
    readWholeLog(context, state, { link, receipt })
    return true
  }
  if (!(await verifyReceipt(context, receipt, now.home.key))) return false
  if (receipt.chain !== state.log.chainAt(receipt.seq))
    raiseAlarm(context, state, { kind: 'two-chains', seq: receipt.seq, proof: contradiction(state, receipt) })
  else if (receipt.seq < (state.receipt?.seq ?? 0)) askForHead(context, state, link)
  else confirmPlace(context, state, { link, seq: receipt.seq })
  return true
}

/** [RP24] A re-homing that keeps less than what is here comes with no items: the whole log of the other side shows it. */
const readWholeLog = (
  context: ReplicaContext,
  state: CollectionState,
  { link, receipt }: { link: LinkState; receipt: Receipt },
): void => {
  if (!link.ignored.has(state.id) && !link.comparisons.has(state.id)) startComparison(context, state, { link, receipt })
}

/** A receipt with which nothing came that is not here. */
export const takeLoneReceipt = async (
  context: ReplicaContext,
  state: CollectionState,
  { link, receipt }: { readonly link: LinkState; readonly receipt: Receipt },
): Promise<void> => {
  if (await takeReceipt(context, state, { link, receipt })) return
  // Another home of the same generation: its whole log shows which of the two counts.
  if (link.link.kind === 'relay' && link.link.key.x === state.movedTo?.x)
    readWholeLog(context, state, { link, receipt })
  else dropLink(link)
}

/** [RP27] The home relay says with a receipt that there is nothing newer than what is here. */
export const confirmPlace = (
  { clock, turn }: ReplicaContext,
  state: CollectionState,
  { link, seq }: { readonly link: LinkState; readonly seq: number },
): void => {
  if (link.link.kind !== 'relay' || seq !== state.log.length()) return
  link.confirmed.set(state.id, { seq, atMs: clock.now() })
  turn.changed.add(state.id)
}

/** A shorter log than ours may be a copy that lags behind: the relay is asked once for a head that it signs for this question. */
const askForHead = (context: ReplicaContext, { id, receipt: known }: CollectionState, link: LinkState): void => {
  if (link.link.kind !== 'relay' || known === undefined || link.headNonces.has(id)) return
  const nonce = toBase64Url(context.random.bytes(16))
  link.headNonces.set(id, { nonce, seq: known.seq })
  sendToLink(context, link, { kind: 'head', collection: id, nonce })
}

/**
 * The answer to `askForHead`: a head that is shorter than what the relay had given a receipt for when it was asked proves that it has lost or hides items.
 * Newer receipts may have come meanwhile by another link.
 */
export const takeHead = async (
  context: ReplicaContext,
  state: CollectionState,
  { link, receipt }: { link: LinkState; receipt: Receipt },
): Promise<boolean> => {
  const asked = link.headNonces.get(state.id)
  const isAnswer = asked !== undefined && receipt.nonce === asked.nonce
  // The question stays open until the end, so that this answer does not make a second one.
  if (!isAnswer || !(await takeReceipt(context, state, { link, receipt }))) return false
  link.headNonces.delete(state.id)
  const isSameHome = receipt.generation === state.log.now()?.generation
  if (isSameHome && receipt.seq < asked.seq)
    raiseAlarm(context, state, { kind: 'log-shortened', seq: receipt.seq, proof: contradiction(state, receipt) })
  return true
}
