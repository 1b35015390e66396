import type { Bytes } from '@tonestead/protocol/bytes'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import type { CollectionId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { SignedItem } from '../ports/log-rules.ts'
import type { AppendOutcome } from '../ports/log-store.ts'
import { receiveItem } from './receive-item.ts'
import type { RelayParts } from './relay-deps.ts'
import type { Client } from './client.ts'

/** Handles the items of one connection: verified in their order, stored many at a time. */
export const createAppender = (
  parts: RelayParts,
  client: Client,
): ((request: number, bytes: Bytes) => Promise<void>) => {
  const inFlight = new Set<Promise<void>>()
  return async (request, bytes) => {
    const received = await receiveItem(parts, bytes, client)
    if (received.kind === 'refused') {
      parts.metrics.item('envelope', 'refused-early')
      return void sendRefusal(client, { request, id: received.id, ...received.refusal })
    }
    if (received.kind === 'placed') return answerPlaced(parts, client, { request, ...received })
    const { item } = received
    const isMembership = item.item.kind === 'membership'
    const { retryAfterMs } = await parts.rates.item(
      { ...client, peer: client.link.peer },
      { collection: item.collection, bytes: bytes.length, isMembership },
    )
    if (retryAfterMs !== undefined)
      return void sendRefusal(client, { request, id: item.id, reason: 'rate-limited', isFinal: false, retryAfterMs })
    const storing = store(parts, client, { request, item }).finally(() => inFlight.delete(storing))
    inFlight.add(storing)
    // What follows may build on a membership item, and is verified by the membership after it.
    if (isMembership) await storing
    else if (inFlight.size >= parts.limits.inFlight) await Promise.race(inFlight)
  }
}

type Refusal = {
  readonly request: number
  readonly id: ItemId | undefined
  readonly reason: string
  readonly isFinal: boolean
  readonly retryAfterMs?: number
}

const sendRefusal = ({ link }: Client, refusal: Refusal): void =>
  link.send(writeRelayFrame({ kind: 'refused', ...refusal }))

/** How long a client waits before it sends again what the store could not take. */
const retryAfterFaultMs = 2000

const store = async (
  parts: RelayParts,
  client: Client,
  { request, item }: { readonly request: number; readonly item: SignedItem },
): Promise<void> => {
  try {
    const outcome = await parts.queue.append(item)
    parts.metrics.item(item.item.kind, outcome.kind)
    await answer(parts, client, { request, item, outcome })
  } catch (error) {
    parts.onFault(error)
    parts.metrics.item(item.item.kind, 'failed')
    sendRefusal(client, {
      request,
      id: item.id,
      reason: 'store-failed',
      isFinal: false,
      retryAfterMs: retryAfterFaultMs,
    })
  }
}

/** [RC3] The receipt is the acknowledgement. It follows the frame with the place, and comes after the data is durable. */
const answer = async (
  parts: RelayParts,
  client: Client,
  { request, item, outcome }: { readonly request: number; readonly item: SignedItem; readonly outcome: AppendOutcome },
): Promise<void> => {
  if (outcome.kind === 'refused') {
    const { verdict } = outcome
    return void sendRefusal(client, { request, id: item.id, reason: verdict.reason, isFinal: verdict.kind === 'never' })
  }
  await answerPlaced(parts, client, { request, collection: item.collection, seq: outcome.seq })
}

type Place = { readonly request: number; readonly collection: CollectionId; readonly seq: number }

const answerPlaced = async (
  { heads, receipts }: RelayParts,
  client: Client,
  { request, collection, seq }: Place,
): Promise<void> => {
  client.link.send(writeRelayFrame({ kind: 'appended', request, collection, seq }))
  const head = await heads.get(collection)
  const receipt = head === undefined ? undefined : await receipts.receiptFor(head)
  if (receipt !== undefined) client.link.send(writeRelayFrame({ kind: 'receipt', receipt }))
}
