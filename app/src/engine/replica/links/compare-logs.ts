import { nextChain } from '@tonestead/protocol/sync/chain'
import { firstChain } from '@tonestead/protocol/sync/derived-ids'
import { verifyReceipt } from '@tonestead/protocol/sync/keys/receipt'
import type { LogItem, Receipt } from '@tonestead/protocol/sync/log-item'
import type { ChainHash, CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { maxItemsPerFrame } from '@tonestead/protocol/sync/sync-limits'
import type { CollectionState } from '../collection/collection-state.ts'
import { readItems } from '../log/read-items.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { accuseItem } from './accuse-item.ts'
import { dropLink, type LinkState } from './link-state.ts'
import { contradiction, raiseAlarm } from './raise-alarm.ts'
import { cutForRehoming, findRehoming } from './re-homing.ts'
import { sendToLink } from './send.ts'

// [RP7] When the items of the other side do not lead from our log to its receipt, its whole log is read and laid beside ours: then it shows whether the
// collection was re-homed, the relay lies, or the other side is at fault.

type Begun = { readonly link: LinkState; readonly receipt: Receipt }

/** Asks for the log of the other side from its beginning. */
export const startComparison = (context: ReplicaContext, { id }: CollectionState, { link, receipt }: Begun): void => {
  link.buffers.delete(id)
  link.comparisons.set(id, { items: [], receipt })
  askForMore(context, id, { link, after: 0 })
}

const askForMore = (
  context: ReplicaContext,
  collection: CollectionId,
  { link, after }: { link: LinkState; after: number },
): void => sendToLink(context, link, { kind: 'read', collection, after, limit: maxItemsPerFrame })

type More = {
  readonly link: LinkState
  readonly from: number
  readonly items: readonly LogItem[]
  readonly receipt: Receipt | undefined
}

/** Takes more of the other side's log. Gives true when the log here has changed. */
export const continueComparison = async (
  context: ReplicaContext,
  state: CollectionState,
  { link, from, items, receipt }: More,
): Promise<boolean> => {
  const comparison = link.comparisons.get(state.id)
  // Items of the subscription may come between the answers.
  if (comparison === undefined || from !== comparison.items.length + 1) return false
  comparison.items.push(...items)
  if (receipt !== undefined && receipt.seq > comparison.receipt.seq) comparison.receipt = receipt
  if (comparison.items.length < comparison.receipt.seq) {
    if (items.length === 0) dropLink(link)
    else askForMore(context, state.id, { link, after: comparison.items.length })
    return false
  }
  link.comparisons.delete(state.id)
  const theirs = comparison.items.slice(0, comparison.receipt.seq)
  const isChanged = await conclude(context, state, { link, theirs, receipt: comparison.receipt })
  if (!link.isClosed && !link.ignored.has(state.id))
    sendToLink(context, link, { kind: 'subscribe', collection: state.id, after: state.log.length() })
  return isChanged
}

type Compared = { readonly link: LinkState; readonly theirs: readonly LogItem[]; readonly receipt: Receipt }

const conclude = async (context: ReplicaContext, state: CollectionState, compared: Compared): Promise<boolean> => {
  const { link, theirs, receipt } = compared
  if ((await chainOf(context, state.id, theirs)) !== receipt.chain) {
    dropLink(link)
    return false
  }
  const differsAt = firstDifference(state, theirs)
  const rehoming = findRehoming(state, theirs)
  if (rehoming !== undefined) {
    if (!(await cutForRehoming(context, state, { rehoming, differsAt }))) {
      ignore(state, link)
      return false
    }
  } else if (differsAt !== undefined) {
    await accuse(context, state, { link, receipt, differsAt })
    ignore(state, link)
    return false
  }
  const first = state.log.length() + 1
  const items = theirs.slice(first - 1)
  if (items.length === 0) return rehoming !== undefined
  const outcome = await readItems(context, state, { items, receipt })
  // The chain was computed above, so that a second comparison would not help.
  if (outcome.kind === 'off-chain' || outcome.kind === 'not-signed') dropLink(link)
  if (outcome.kind === 'rule-broken') accuseItem(context, state, { link, receipt, items, first, outcome })
  return true
}

/** What this link says about the collection is another history, and stays one: it is not asked again. */
const ignore = (state: CollectionState, link: LinkState): void => {
  link.ignored.add(state.id)
  state.movedTo = undefined
}

const chainOf = async (
  { subtle }: ReplicaContext,
  collection: CollectionId,
  items: readonly LogItem[],
): Promise<ChainHash> => {
  let chain = firstChain(collection)
  for (const { id } of items) chain = await nextChain({ subtle }, chain, id)
  return chain
}

/** The first place at which both have an item, and not the same. */
const firstDifference = ({ log }: CollectionState, theirs: readonly LogItem[]): number | undefined => {
  const index = theirs.findIndex(({ id }, place) => (log.at(place + 1)?.item.id ?? id) !== id)
  return index < 0 ? undefined : index + 1
}

/** Both logs have receipts of one relay: it has given one place to two items. */
const accuse = async (
  context: ReplicaContext,
  state: CollectionState,
  { link, receipt, differsAt }: Begun & { differsAt: number },
): Promise<void> => {
  const home = state.log.now()?.home.key
  if (home !== undefined && (await verifyReceipt(context, receipt, home)))
    raiseAlarm(context, state, { kind: 'two-chains', seq: differsAt, proof: contradiction(state, receipt) })
  else dropLink(link)
}
