import type { Bytes } from '@tonestead/protocol/bytes'
import { readItem, writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { maxFrameBytes, maxItemsPerFrame } from '@tonestead/protocol/sync/sync-limits'
import type { CollectionState } from '../collection/collection-state.ts'
import { placeKey } from '../journal-keys.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { restoreBody } from '../snapshots/restore-body.ts'
import { mayRead } from './deliver.ts'
import type { LinkState } from './link-state.ts'
import { sendAsRelay } from './send.ts'

/** Room for the message itself in a frame of items. */
const messageBytes = 4096

/**
 * [RP25] Sends a peer what it has subscribed to and does not have: the log as far as a receipt covers it, in the same frames as a relay. Without new items it is
 * the head alone, in which a lie of the relay shows.
 */
export const servePeer = async (context: ReplicaContext, link: LinkState, state: CollectionState): Promise<void> => {
  const after = link.wanted.get(state.id)
  const { receipt } = state
  if (after === undefined || link.isClosed || !mayRead(state, link)) return
  sendProof(context, link, state)
  if (receipt === undefined || link.headsSent.get(state.id) === receipt.chain) return
  await sendItems(context, link, { state, after, end: receipt.seq })
  link.headsSent.set(state.id, receipt.chain)
  link.wanted.set(state.id, Math.max(after, receipt.seq))
}

/** [RP7] The proof of a lie is passed on once. */
const sendProof = ({ turn }: ReplicaContext, link: LinkState, { alarm, id }: CollectionState): void => {
  if (alarm === undefined || link.proofsSent.has(id)) return
  link.proofsSent.add(id)
  for (const frame of alarm.proof)
    turn.sends.push(() => {
      if (!link.isClosed) link.link.send(frame)
    })
}

type Range = { readonly state: CollectionState; readonly after: number; readonly end: number }

/** Answers `read`: at most `limit` items after a place. */
export const answerRead = async (
  context: ReplicaContext,
  link: LinkState,
  { state, after, limit }: { state: CollectionState; after: number; limit: number },
): Promise<void> => {
  if (state.receipt === undefined || !mayRead(state, link)) return
  const end = Math.min(state.receipt.seq, after + limit)
  await sendItems(context, link, { state, after, end })
}

const sendItems = async (context: ReplicaContext, link: LinkState, { state, after, end }: Range): Promise<void> => {
  const { receipt, id } = state
  const query = { table: 'items', scope: id, from: placeKey(after + 1), limit: Math.max(0, end - after) } as const
  const { rows } = end > after ? await context.journal.read(query) : { rows: [] }
  let from = after + 1
  const items: Bytes[] = []
  for (const { value } of rows) items.push(await wholeBytes(context, state, value))
  for (const chunk of chunksOf(items)) {
    sendAsRelay(context, link, { kind: 'items', collection: id, from, receipt }, chunk)
    from += chunk.length
  }
}

/** [SN4] An item as it was before its body left the journal. */
export const wholeBytes = async (context: ReplicaContext, state: CollectionState, bytes: Bytes): Promise<Bytes> => {
  if (state.snapshots.bodiless.size === 0) return bytes
  const item = await readItem(bytes)
  if (item?.kind !== 'envelope' || item.body !== undefined) return bytes
  return writeItem(await restoreBody(context, state, item))
}

/** Items in frames within their limits; one empty frame for no items. */
const chunksOf = (items: readonly Bytes[]): Bytes[][] => {
  const chunks: Bytes[][] = [[]]
  let bytes = 0
  for (const item of items) {
    const last = chunks.at(-1)
    if (
      last === undefined ||
      last.length === maxItemsPerFrame ||
      bytes + item.length + 4 > maxFrameBytes - messageBytes
    ) {
      chunks.push([item])
      bytes = item.length + 4
    } else {
      last.push(item)
      bytes += item.length + 4
    }
  }
  return chunks
}
