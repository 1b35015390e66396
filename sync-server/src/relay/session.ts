import type { Bytes } from '@tonestead/protocol/bytes'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import type { ClientMessage } from '@tonestead/protocol/sync/frame-messages'
import { findAuthor } from '@tonestead/protocol/sync/log/rights'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { createAppender } from './append-frames.ts'
import type { Client } from './client.ts'
import { findReadAccess, type InvitationProof } from './read-access.ts'
import type { RelayParts } from './relay-deps.ts'
import { leaveBodiesOut } from './leave-bodies-out.ts'
import { createPartFrames } from './part-frames.ts'
import { createSubscription, pageBytes, receiptAt, type Subscription } from './subscription.ts'

export type Session = {
  readonly handle: (frame: { readonly message: ClientMessage; readonly attachments: readonly Bytes[] }) => Promise<void>
  readonly end: () => void
}

type Open = {
  readonly parts: RelayParts
  readonly client: Client
  readonly subscriptions: Map<CollectionId, { readonly subscription: Subscription; readonly leave: () => void }>
}

/** Serves the frames of a known device. */
export const createSession = (parts: RelayParts, client: Client): Session | 'too-many' => {
  const leaveDevice = parts.enterDevice(client.author.device)
  if (leaveDevice === false) return 'too-many'
  const leave = parts.topics.connect(client)
  const open: Open = { parts, client, subscriptions: new Map() }
  const handlers = createHandlers(open)
  return {
    handle: async ({ message, attachments }) => {
      const [bytes] = attachments
      if (bytes !== undefined) await handlers.withBytes(message, bytes)
      else await handlers.withoutBytes(message)
    },
    end: () => {
      for (const collection of [...open.subscriptions.keys()]) endSubscription(open, collection)
      leave()
      leaveDevice()
    },
  }
}

/** The reader of frames has checked which kinds have an attachment. */
const createHandlers = (open: Open) => {
  const { parts, client } = open
  const append = createAppender(parts, client)
  const partFrames = createPartFrames(parts, client)
  return {
    withBytes: async (message: ClientMessage, bytes: Bytes): Promise<void> => {
      if (message.kind === 'append') await append(message.request, bytes)
      if (message.kind === 'put-part') await partFrames.put(message, bytes)
      if (message.kind === 'ephemeral') await passEphemeral(open, message.collection, bytes)
    },
    withoutBytes: async (message: ClientMessage): Promise<void> => {
      if (message.kind === 'subscribe') await subscribe(open, message)
      if (message.kind === 'unsubscribe') endSubscription(open, message.collection)
      if (message.kind === 'read') await readOnce(open, message)
      if (message.kind === 'head') await sendHead(open, message)
      if (message.kind === 'get-part') await partFrames.get(message)
      if (message.kind === 'authenticate') sendProblem(client, 'authenticated-already')
    },
  }
}

const sendProblem = ({ link }: Client, code: string, detail = code.replaceAll('-', ' ')): void =>
  link.send(writeRelayFrame({ kind: 'problem', code, detail }))

const endSubscription = ({ subscriptions }: Open, collection: CollectionId): void => {
  const found = subscriptions.get(collection)
  subscriptions.delete(collection)
  found?.subscription.end()
  found?.leave()
}

type Asked = { readonly collection: CollectionId; readonly invitation?: InvitationProof | undefined }

/** What the device may read, or undefined after the problem was told. */
const accessFor = async ({ parts, client }: Open, { collection, invitation }: Asked) => {
  const answer = await parts.rates.read({ ...client, peer: client.link.peer })
  if (answer.retryAfterMs !== undefined) return void sendProblem(client, 'rate-limited', collection)
  const head = await parts.heads.fresh(collection)
  if (head === undefined) return void sendProblem(client, 'collection-unknown', collection)
  const access = await findReadAccess(parts, head, { author: client.author, shown: invitation })
  // Strangers learn nothing: not even that the collection exists.
  if (access.kind === 'none') return void sendProblem(client, 'collection-unknown', collection)
  return { head, access, end: access.kind === 'departed' ? access.upTo : head.length }
}

type Subscribe = Asked & { readonly after: number; readonly fromSnapshots?: true | undefined }

const subscribe = async (open: Open, message: Subscribe): Promise<void> => {
  const { parts, client, subscriptions } = open
  const { collection, after } = message
  if (subscriptions.size >= parts.limits.subscriptions)
    return void sendProblem(client, 'too-many-subscriptions', collection)
  const found = await accessFor(open, message)
  if (found === undefined) return
  const alter = message.fromSnapshots === true ? await leaveBodiesOut(parts.store, found.head) : undefined
  if (client.signal.aborted) return
  endSubscription(open, collection)
  const subscription = createSubscription(
    parts.pump,
    {
      collection,
      after,
      alter,
      ...client,
      invitation: found.access.kind === 'invited' ? message.invitation?.invitation : undefined,
    },
    () => {
      endSubscription(open, collection)
      sendProblem(client, 'no-longer-member', collection)
    },
  )
  subscriptions.set(collection, { subscription, leave: parts.topics.subscribe(subscription) })
  if (found.access.kind === 'departed') subscription.limitTo(found.access.upTo)
  else subscription.wake()
  // The membership may have changed between the look at it and the subscription.
  const known = parts.heads.known(collection)
  if (known !== undefined && known.state.base !== found.head.state.base) parts.topics.recheck(known)
}

const readOnce = async (
  open: Open,
  message: Asked & { readonly after: number; readonly limit: number },
): Promise<void> => {
  const { parts, client } = open
  const { collection, after, limit } = message
  const found = await accessFor(open, message)
  if (found === undefined) return
  const most = Math.min(limit, found.end - after)
  const items = most <= 0 ? [] : await parts.store.read({ collection, after, most, mostBytes: pageBytes })
  const receipt = await receiptAt(parts, found.head, found.access.kind === 'departed' ? found.end : found.head.length)
  client.link.send(
    writeRelayFrame(
      { kind: 'items', collection, from: after + 1, receipt },
      items.map(({ bytes }) => bytes),
    ),
  )
}

const sendHead = async (open: Open, message: Asked & { readonly nonce: string }): Promise<void> => {
  const { parts, client } = open
  const found = await accessFor(open, message)
  if (found === undefined) return
  if (found.access.kind === 'departed') return void sendProblem(client, 'no-longer-member', message.collection)
  const receipt = await parts.receipts.freshReceipt(found.head, message.nonce)
  if (receipt === undefined) return void sendProblem(client, 'not-home', message.collection)
  client.link.send(writeRelayFrame({ kind: 'head', receipt }))
}

/** [RC11] Passed on to the members who are connected, kept nowhere. */
const passEphemeral = async ({ parts, client }: Open, collection: CollectionId, bytes: Bytes): Promise<void> => {
  const head = await parts.heads.get(collection)
  if (head === undefined || findAuthor(head.state, client.author) === undefined)
    return void sendProblem(client, 'collection-unknown', collection)
  if (!parts.rates.ephemeral({ ...client, peer: client.link.peer })) return void parts.metrics.dropped('ephemeral')
  const from = client.author.device
  const frame = writeRelayFrame({ kind: 'ephemeral', collection, from }, [bytes])
  parts.topics.pass(collection, 'ephemeral', { bytes: frame, except: client.link })
  await parts.store.publish({ kind: 'ephemeral', collection, from, bytes })
}
