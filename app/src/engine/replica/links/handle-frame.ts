import type { Bytes } from '@tonestead/protocol/bytes'
import { readClientFrame, readRelayFrame, type Frame } from '@tonestead/protocol/sync/frame'
import type { ClientMessage, RelayMessage } from '@tonestead/protocol/sync/frame-messages'
import { signChallenge } from '@tonestead/protocol/sync/keys/relay-challenge'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { CollectionState } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { takeLive } from '../live/take-live.ts'
import { takePart } from '../snapshots/take-part.ts'
import { dropLink, type FrameEffect, type LinkState } from './link-state.ts'
import { sendToLink } from './send.ts'
import { answerRead } from './serve-peer.ts'
import { takeItems } from './take-items.ts'
import { takePending } from './take-pending.ts'
import { takeHead, takeLoneReceipt } from './take-receipt.ts'
import { takeRefusal } from './take-refusal.ts'

const nothing: FrameEffect = { collections: [], hasOpened: false }
const changed = (collection: CollectionId, isChanged: boolean): FrameEffect =>
  isChanged ? { collections: [collection], hasOpened: false } : nothing

/** Handles what came on a link. A frame that cannot be read ends the link. */
export const handleFrame = async (context: ReplicaContext, link: LinkState, bytes: Bytes): Promise<FrameEffect> => {
  if (link.isClosed) return nothing
  const relayFrame = readRelayFrame(bytes)
  if (relayFrame !== undefined) return handleRelayFrame(context, link, relayFrame)
  const clientFrame = link.link.kind === 'peer' ? readClientFrame(bytes) : undefined
  if (clientFrame !== undefined) return handleClientFrame(context, link, clientFrame)
  dropLink(link)
  return nothing
}

const handleRelayFrame = async (
  context: ReplicaContext,
  link: LinkState,
  { message, attachments }: Frame<RelayMessage>,
): Promise<FrameEffect> => {
  switch (message.kind) {
    case 'challenge':
      return answerChallenge(context, link, message)
    case 'welcome':
      link.isOpen = true
      return { collections: [], hasOpened: true }
    case 'refused':
      return takeRefusal(context, link, message)
    case 'appended':
      return takeAppended(context, link, message)
    case 'draining':
      dropLink(link)
      return nothing
    case 'problem':
      return takeProblem(context, link, message)
    case 'part': {
      const part = { link, hash: message.hash, bytes: attachments[0] }
      return { collections: await takePart(context, part), hasOpened: false }
    }
    case 'part-stored':
      return takeStored(context, link, message.request)
    case 'ephemeral': {
      const [bytes] = attachments
      if (bytes !== undefined) await takeLive(context, link, bytes)
      return nothing
    }
    case 'pong':
      return nothing
    default:
      return handleLogFrame(context, link, { message, attachments })
  }
}

/** The relay has a part. When it has all of a snapshot, they are not brought again. */
const takeStored = ({ collections }: ReplicaContext, link: LinkState, request: number): FrameEffect => {
  const asked = link.requests.get(request)
  link.requests.delete(request)
  if (asked === undefined || [...link.requests.values()].some(({ item }) => item === asked.item)) return nothing
  collections.get(asked.collection)?.snapshots.stored.add(asked.item)
  return nothing
}

/** A collection that was just created could not be subscribed to before. */
const takeAppended = (
  { collections }: ReplicaContext,
  link: LinkState,
  { request, collection }: Extract<RelayMessage, { kind: 'appended' }>,
): FrameEffect => {
  link.requests.delete(request)
  if (collections.get(collection)?.log.length() !== 0) return nothing
  link.subscribed.delete(collection)
  return changed(collection, true)
}

/** After this time a collection is asked for again that the relay did not know, or not us in it. */
const subscribeAgainMs = 5000

const takeProblem = (
  context: ReplicaContext,
  link: LinkState,
  { code, detail }: Extract<RelayMessage, { kind: 'problem' }>,
): FrameEffect => {
  context.log.warn('the other side of a link reports a problem', { code })
  const refused = [...link.subscribed].find((id) => id === detail)
  if (refused === undefined || isOnlyHere(context, link, refused)) return nothing
  context.wakeAfter(subscribeAgainMs, () => void link.subscribed.delete(refused))
  const [shown, ...later] = link.asked.get(refused) ?? []
  link.asked.set(refused, later)
  if (shown !== undefined && (code === 'collection-unknown' || code === 'no-longer-member'))
    closeInvitation(context, { collection: refused, invitation: shown })
  return nothing
}

/** [RP29] A collection that the relay has refused to begin is not asked for again on this link. */
const isOnlyHere = ({ collections }: ReplicaContext, link: LinkState, id: CollectionId): boolean => {
  const firstItem = collections.get(id)?.firstItem
  return firstItem !== undefined && link.refused.has(firstItem.id)
}

/** [RP30] The relay does not let anybody read by this invitation: it has expired, was used or withdrawn, or never was one. */
const closeInvitation = (
  { goals, turn }: ReplicaContext,
  { collection, invitation }: { readonly collection: CollectionId; readonly invitation: string },
): void => {
  for (const goal of [...goals]) {
    if (goal.goal.collection !== collection || goal.shown?.invitation !== invitation) continue
    goals.delete(goal)
    turn.sends.push(() => goal.settle('impossible'))
  }
}

type LogMessage = Extract<RelayMessage, { kind: 'items' | 'receipt' | 'head' | 'pending' }>

const handleLogFrame = async (
  context: ReplicaContext,
  link: LinkState,
  { message, attachments }: Frame<LogMessage>,
): Promise<FrameEffect> => {
  const id = 'collection' in message ? message.collection : message.receipt.collection
  const state = context.collections.get(id)
  if (state === undefined) return nothing
  // Whoever gets something of a collection has been let in.
  if (message.kind !== 'pending') link.asked.delete(id)
  switch (message.kind) {
    case 'items': {
      const frame = { from: message.from, receipt: receiptOf(message), attachments }
      return changed(id, await takeItems(context, state, { link, frame }))
    }
    case 'pending': {
      const [bytes] = attachments
      return changed(id, bytes !== undefined && (await takePending(context, state, { link, bytes })))
    }
    case 'receipt':
    case 'head':
      return takeConfirmation(context, link, { state, message })
  }
}

const takeConfirmation = async (
  context: ReplicaContext,
  link: LinkState,
  { state, message }: { state: CollectionState; message: Extract<LogMessage, { kind: 'receipt' | 'head' }> },
): Promise<FrameEffect> => {
  const wasFrozen = state.alarm !== undefined
  const receipt = { ...message.receipt, nonce: message.receipt.nonce }
  if (message.kind === 'receipt') await takeLoneReceipt(context, state, { link, receipt })
  else if (!(await takeHead(context, state, { link, receipt }))) dropLink(link)
  return changed(state.id, isAwaited(context, state.id) || (!wasFrozen && state.alarm !== undefined))
}

/** Does a goal wait until the log is confirmed? */
const isAwaited = ({ goals }: ReplicaContext, id: CollectionId): boolean =>
  [...goals].some(({ goal, shown }) => goal.collection === id && shown !== undefined)

const receiptOf = ({ receipt }: Extract<RelayMessage, { kind: 'items' }>) =>
  receipt === undefined ? undefined : { ...receipt, nonce: receipt.nonce }

const answerChallenge = async (
  context: ReplicaContext,
  link: LinkState,
  { relayKey, nonce }: Extract<RelayMessage, { kind: 'challenge' }>,
): Promise<FrameEffect> => {
  const { subtle, device } = context
  if (link.link.kind !== 'relay' || relayKey.x !== link.link.key.x) {
    dropLink(link)
    return nothing
  }
  const signer = { subtle, signingKey: device.signing.privateKey }
  const signature = await signChallenge(signer, { relayKey, nonce, device: device.device })
  const { account } = device
  sendToLink(context, link, {
    kind: 'authenticate',
    account,
    device: device.device,
    signature,
    ...link.link.credentials,
  })
  return nothing
}

/** [RP25] On a direct link the other side may ask as it would ask a relay. */
const handleClientFrame = async (
  context: ReplicaContext,
  link: LinkState,
  { message }: Frame<ClientMessage>,
): Promise<FrameEffect> => {
  switch (message.kind) {
    case 'subscribe':
      link.wanted.set(message.collection, message.after)
      link.headsSent.delete(message.collection)
      return changed(message.collection, true)
    case 'unsubscribe':
      link.wanted.delete(message.collection)
      return nothing
    case 'read': {
      const state = context.collections.get(message.collection)
      if (state !== undefined) await answerRead(context, link, { state, after: message.after, limit: message.limit })
      return nothing
    }
    case 'ping':
    case 'authenticate':
    case 'append':
    case 'head':
    case 'put-part':
    case 'get-part':
    case 'ephemeral':
      return nothing
  }
}
