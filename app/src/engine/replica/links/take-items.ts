import type { Bytes } from '@tonestead/protocol/bytes'
import { readItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { LogItem, Receipt } from '@tonestead/protocol/sync/log-item'
import type { CollectionState } from '../collection/collection-state.ts'
import { readItems } from '../log/read-items.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { accuseItem } from './accuse-item.ts'
import { continueComparison, startComparison } from './compare-logs.ts'
import { takeBodies } from '../snapshots/take-bodies.ts'
import { dropLink, type ItemBuffer, type LinkState } from './link-state.ts'
import { confirmPlace, takeLoneReceipt } from './take-receipt.ts'

/** Most items that wait for their receipt on one link and collection; a side that sends more without one is dropped. */
const maxBufferedItems = 16_384

export type ItemsFrame = {
  readonly from: number
  readonly receipt: Receipt | undefined
  readonly attachments: readonly Bytes[]
}

/** Items of a log, of which the last frame or a later one has a receipt. Gives true when the log here has changed. */
export const takeItems = async (
  context: ReplicaContext,
  state: CollectionState,
  { link, frame }: { link: LinkState; frame: ItemsFrame },
): Promise<boolean> => {
  if (link.ignored.has(state.id) || isLeft(state, link)) return false
  const { receipt, from } = frame
  const items = await parseAll(frame.attachments)
  if (items === undefined) {
    dropLink(link)
    return false
  }
  if (link.comparisons.has(state.id)) return continueComparison(context, state, { link, from, items, receipt })
  if (receipt !== undefined && receipt.generation < (state.log.now()?.generation ?? 0)) return false
  return takeFollowing(context, state, { link, from, items, receipt })
}

/** What follows on this log was not signed by its home. */
const isLeft = ({ id, log }: CollectionState, { unsigned }: LinkState): boolean => unsigned.get(id) === log.length()

/** Undefined when one of them is no item. */
const parseAll = async (attachments: readonly Bytes[]): Promise<readonly LogItem[] | undefined> => {
  const parsed = await Promise.all(attachments.map((bytes) => readItem(bytes)))
  const items = parsed.filter((item) => item !== undefined)
  return items.length < parsed.length ? undefined : items
}

type Following = {
  readonly link: LinkState
  readonly from: number
  readonly items: readonly LogItem[]
  readonly receipt: Receipt | undefined
}

const takeFollowing = async (
  context: ReplicaContext,
  state: CollectionState,
  { link, from, items, receipt }: Following,
): Promise<boolean> => {
  if (differs(state, from, items)) {
    if (receipt !== undefined) startComparison(context, state, { link, receipt })
    return false
  }
  const hasBodies = takeBodies(context, state, { from, items })
  const buffer = addToBuffer(state, link, { first: from, items: [...items] })
  if (buffer.items.length > maxBufferedItems) {
    dropLink(link)
    return false
  }
  return (receipt !== undefined && (await takeCovered(context, state, { link, buffer, receipt }))) || hasBodies
}

/** Does another item stand where we have one? */
const differs = ({ log }: CollectionState, from: number, items: readonly LogItem[]): boolean =>
  items.some(({ id }, index) => (log.at(from + index)?.item.id ?? id) !== id)

/** What follows the log here directly. What does not follow is left away: it is read when the gap is filled. */
const addToBuffer = ({ id, log }: CollectionState, { buffers }: LinkState, added: ItemBuffer): ItemBuffer => {
  const first = log.length() + 1
  const before = buffers.get(id) ?? { first, items: [] }
  const kept = before.items.slice(Math.max(0, first - before.first))
  const skipped = first + kept.length - added.first
  const buffer = { first, items: skipped < 0 ? kept : [...kept, ...added.items.slice(skipped)] }
  buffers.set(id, buffer)
  return buffer
}

type Covered = { readonly link: LinkState; readonly buffer: ItemBuffer; readonly receipt: Receipt }

/**
 * [RP24] A new home signs also for the place where somebody was taken away before it was the home. To him, who gets no item behind that place, it looks like the
 * signature of a stranger: nothing is read until the log here has grown, but other collections on the link go on.
 */
const leaveUnsigned = ({ id, log, movedTo }: CollectionState, link: LinkState): void => {
  const mayBeHome = log.length() === 0 || (link.link.kind === 'relay' && link.link.key.x === movedTo?.x)
  if (mayBeHome) link.unsigned.set(id, log.length())
  else dropLink(link)
}

const takeCovered = async (
  context: ReplicaContext,
  state: CollectionState,
  { link, buffer, receipt }: Covered,
): Promise<boolean> => {
  const length = state.log.length()
  const isHigher = receipt.generation > (state.log.now()?.generation ?? receipt.generation)
  if (receipt.seq <= length && !isHigher) {
    await takeLoneReceipt(context, state, { link, receipt })
    return false
  }
  if (receipt.seq > length + buffer.items.length) return false
  if (state.alarm !== undefined && !isHigher) return false
  const outcome = await readItems(context, state, { items: buffer.items, receipt })
  link.buffers.delete(state.id)
  return followOutcome(context, state, { link, buffer, receipt, outcome })
}

/** Whether anything was read. */
const followOutcome = (
  context: ReplicaContext,
  state: CollectionState,
  { link, buffer, receipt, outcome }: Covered & { readonly outcome: Awaited<ReturnType<typeof readItems>> },
): boolean => {
  switch (outcome.kind) {
    case 'off-chain':
      startComparison(context, state, { link, receipt })
      return false
    case 'not-signed':
      leaveUnsigned(state, link)
      return false
    case 'read':
      confirmPlace(context, state, { link, seq: receipt.seq })
      return true
    case 'rule-broken':
      accuseItem(context, state, { link, receipt, outcome, ...buffer })
      return true
  }
}
