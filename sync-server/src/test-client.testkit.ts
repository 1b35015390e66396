import { randomBytes } from 'node:crypto'
import type { DeviceId } from '@tonestead/crdt/ids'
import { toBase64Url, toHex, type Bytes } from '@tonestead/protocol/bytes'
import { nextChain } from '@tonestead/protocol/sync/chain'
import { readItem, writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { newFeedId } from '@tonestead/protocol/sync/derived-ids'
import { readRelayFrame, writeClientFrame } from '@tonestead/protocol/sync/frame'
import type { ClientMessage, RelayMessage } from '@tonestead/protocol/sync/frame-messages'
import { verifyReceipt } from '@tonestead/protocol/sync/keys/receipt'
import { signChallenge } from '@tonestead/protocol/sync/keys/relay-challenge'
import { signEnvelope } from '@tonestead/protocol/sync/keys/sign-item'
import type { Envelope } from '@tonestead/protocol/sync/envelope'
import type { LogItem, Receipt } from '@tonestead/protocol/sync/log-item'
import { verifyItem } from '@tonestead/protocol/sync/log/check-item'
import { createMemoryLog, type MemoryLog } from '@tonestead/protocol/sync/log/memory-log'
import { deps, type Account, type Device } from '@tonestead/protocol/sync/log/signed-log.testkit'
import { hashOfBody } from '@tonestead/protocol/sync/sync-hash'
import {
  parseDocumentId,
  syncIdOfBytes,
  type CollectionId,
  type FeedId,
  type ItemId,
} from '@tonestead/protocol/sync/sync-ids'
import { WebSocket } from 'ws'

// A device that speaks the protocol and believes nothing: every item is checked as a replica does, every receipt against the relay's key and its own log.

const { subtle } = globalThis.crypto

/** What carries frames: a WebSocket, or a link in memory. */
type Transport = {
  readonly send: (frame: Bytes) => void
  readonly close: () => void
  /** Resolves when it is closed, with the code. */
  readonly closed: Promise<number>
}
type Handlers = { readonly onFrame: (frame: Bytes) => void }
export type OpenTransport = (handlers: Handlers) => Promise<Transport>

export const openSocket =
  (url: string, headers: Record<string, string> = {}): OpenTransport =>
  async ({ onFrame }) => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false })
    socket.on('message', (data: Buffer) => onFrame(new Uint8Array(data)))
    const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)))
    await new Promise<void>((resolve, reject) => {
      socket.on('open', () => resolve())
      socket.on('error', reject)
    })
    return { send: (frame) => socket.send(frame), close: () => socket.close(), closed }
  }

type Outcome =
  | { readonly kind: 'appended'; readonly seq: number; readonly receipt: Receipt }
  | {
      readonly kind: 'refused'
      readonly reason: string
      readonly isFinal: boolean
      readonly retryAfterMs?: number | undefined
    }

type Of<Kind extends RelayMessage['kind']> = Extract<RelayMessage, { kind: Kind }>
type Waiter = {
  readonly matches: (message: RelayMessage) => boolean
  readonly resolve: (message: RelayMessage) => void
}

export type TestClient = Awaited<ReturnType<typeof connect>>

/** Opens a connection and proves who the device is, unless `authenticates` is false. */
export const connect = async (options: {
  readonly open: OpenTransport
  readonly account: Account
  readonly device?: Device
  readonly pass?: string
  readonly authenticates?: boolean
  readonly deviceLog?: readonly string[]
  /** What the device has read before. */
  readonly logs?: Map<CollectionId, MemoryLog>
}) => {
  const { account, device = account.device } = options
  const logs = options.logs ?? new Map<CollectionId, MemoryLog>()
  const items = new Map<ItemId, LogItem>()
  const messages: RelayMessage[] = []
  const pending: Envelope[] = []
  const ephemeral: { from: DeviceId; bytes: Bytes }[] = []
  const faults: string[] = []
  const receipts = new Map<CollectionId, Receipt>()
  const waiters = new Set<Waiter>()
  let relayKey: Of<'challenge'>['relayKey'] | undefined
  let handling: Promise<void> = Promise.resolve()
  const logOf = (collection: CollectionId): MemoryLog => {
    const log = logs.get(collection) ?? createMemoryLog({ collection })
    logs.set(collection, log)
    return log
  }

  const checkReceipt = async (receipt: Receipt): Promise<void> => {
    if (!(await verifyReceipt({ subtle, verifier: deps.verifier! }, receipt, relayKey!)))
      faults.push('receipt signature')
    const log = logOf(receipt.collection)
    if (receipt.seq <= log.length() && log.chainAt(receipt.seq) !== receipt.chain)
      faults.push('receipt contradicts the log')
    receipts.set(receipt.collection, receipt)
  }
  const takeItems = async (
    { collection, from, receipt }: Of<'items'>,
    attachments: readonly Bytes[],
  ): Promise<void> => {
    const log = logOf(collection)
    for (const [index, bytes] of attachments.entries()) {
      const seq = from + index
      if (seq > log.length() + 1) return void faults.push(`skipped from ${log.length()} to ${seq}`)
      const item = await readItem(bytes)
      if (item === undefined) return void faults.push('malformed item')
      if (seq <= log.length()) {
        if (log.entryAt(seq)?.id !== item.id) faults.push('two items at one place')
        continue
      }
      const verified = await verifyItem(deps, item, { now: log.now(), length: log.length() })
      if (verified.kind === 'never' || verified.kind === 'wait')
        return void faults.push(`unverified: ${verified.reason}`)
      const verdict = log.check(verified)
      if (verdict.kind !== 'ok') return void faults.push(`breaks L1: ${verdict.reason}`)
      log.append(verified, await nextChain({ subtle }, log.chainAt(log.length()), item.id))
      items.set(item.id, item)
    }
    if (receipt !== undefined) await checkReceipt(receipt)
  }
  const take = async (frame: Bytes): Promise<void> => {
    const read = readRelayFrame(frame)
    if (read === undefined) return void faults.push('malformed frame')
    const { message, attachments } = read
    if (message.kind === 'challenge') relayKey = message.relayKey
    if (message.kind === 'items') await takeItems(message, attachments)
    if (message.kind === 'receipt' || message.kind === 'head') await checkReceipt(message.receipt)
    if (message.kind === 'pending') pending.push((await readItem(attachments[0]!)) as Envelope)
    if (message.kind === 'ephemeral') ephemeral.push({ from: message.from, bytes: attachments[0]! })
    if (message.kind === 'part') parts.set(message.hash, attachments[0])
    messages.push(message)
    for (const waiter of [...waiters])
      if (waiter.matches(message)) {
        waiters.delete(waiter)
        waiter.resolve(message)
      }
  }
  const parts = new Map<string, Bytes | undefined>()
  const transport = await options.open({
    onFrame: (frame) => {
      handling = handling.then(() => take(frame))
    },
  })
  let isClosed = false
  const closed = transport.closed.then((code) => {
    isClosed = true
    return code
  })
  const send = (message: ClientMessage, attachments: readonly Uint8Array[] = []): void =>
    transport.send(writeClientFrame(message, attachments))
  /** The next message, or one that has come already since `from`, that matches. Rejects when the connection is closed before. */
  const until = <M extends RelayMessage>(
    matches: (message: RelayMessage) => message is M,
    from = messages.length,
  ): Promise<M> => {
    const there = messages.slice(from).find(matches)
    if (there !== undefined) return Promise.resolve(there)
    return new Promise((resolve, reject) => {
      waiters.add({ matches, resolve: resolve as Waiter['resolve'] })
      void closed.then((code) =>
        reject(new Error(`closed with ${code} while waiting; ${JSON.stringify(messages.at(-1))}`)),
      )
    })
  }
  const isKind =
    <Kind extends RelayMessage['kind']>(...kinds: readonly Kind[]) =>
    (message: RelayMessage): message is Of<Kind> =>
      (kinds as readonly string[]).includes(message.kind)

  const challenge = await until(isKind('challenge'), 0)
  const authenticate = async (): Promise<Of<'welcome'> | Of<'problem'>> => {
    const signature = await signChallenge(
      { subtle, signingKey: device.signingKey },
      { relayKey: challenge.relayKey, nonce: challenge.nonce, device: device.id },
    )
    const operation = account.items[0]!.header.operation
    const deviceLog = options.deviceLog ?? (operation.kind === 'account-created' ? [operation.deviceLogEntry] : [])
    const from = messages.length
    send({
      kind: 'authenticate',
      account: account.account,
      device: device.id,
      signature,
      deviceLog: [...deviceLog],
      ...(options.pass === undefined ? {} : { pass: options.pass }),
    })
    return until(isKind('welcome', 'problem'), from)
  }
  if (options.authenticates !== false) {
    const answer = await authenticate()
    if (answer.kind === 'problem') throw new Error(answer.code)
  }

  let nextRequest = 1
  const append = async (item: LogItem | Bytes): Promise<Outcome> => {
    const request = nextRequest
    nextRequest += 1
    const from = messages.length
    const bytes = item instanceof Uint8Array ? item : writeItem(item)
    const answered = until(
      (message): message is Of<'appended'> | Of<'refused'> =>
        (message.kind === 'appended' || message.kind === 'refused') && message.request === request,
      from,
    )
    send({ kind: 'append', request }, [bytes])
    const answer = await answered
    if (answer.kind === 'refused') return answer
    const covers = (message: RelayMessage): message is Of<'receipt'> =>
      message.kind === 'receipt' &&
      message.receipt.collection === answer.collection &&
      message.receipt.seq >= answer.seq
    const { receipt } = await until(covers, from)
    return { kind: 'appended', seq: answer.seq, receipt }
  }
  const own = new Map<CollectionId, { feed: FeedId; number: number; id: ItemId }>()
  /** An envelope on what this client has read; its body is noise, which the relay cannot tell from a sealed one. */
  const envelope = async (collection: CollectionId, bodyBytes = 60): Promise<Envelope> => {
    const log = logOf(collection)
    const before = own.get(collection)
    const prev = before?.id ?? log.lastOfDevice(device.id)?.id
    const salt = new Uint8Array(randomBytes(16))
    const body = new Uint8Array(randomBytes(bodyBytes))
    const feed = before?.feed ?? newFeedId({ random: () => salt }, device.id, prev)
    const number = (before?.number ?? 0) + 1
    const made = await signEnvelope(
      { subtle, signingKey: device.signingKey },
      {
        version: 1,
        schemaVersion: 1,
        collection,
        document: parseDocumentId(syncIdOfBytes(new Uint8Array(32).fill(7))),
        account: account.account,
        device: device.id,
        feed,
        number,
        prev,
        seen: { seq: log.length(), chain: log.chainAt(log.length()) },
        deps: [],
        epoch: log.now()!.epoch,
        changeHashes: [toHex(new Uint8Array(randomBytes(16)))],
        salt,
        bodyBytes,
        bodyHash: toHex(await hashOfBody(body)),
      },
      body,
    )
    own.set(collection, { feed, number, id: made.id })
    return made
  }
  return {
    account,
    device,
    challenge,
    authenticate,
    messages,
    pending,
    ephemeral,
    faults,
    receipts,
    parts,
    items,
    closed,
    isClosed: () => isClosed,
    logOf,
    send,
    sendRaw: (frame: Bytes) => transport.send(frame),
    until,
    isKind,
    append,
    envelope,
    /** Forgets the feed that it began: as after a restart. */
    newFeed: (collection: CollectionId) => void own.delete(collection),
    subscribe: (collection: CollectionId, after = logOf(collection).length()) =>
      send({ kind: 'subscribe', collection, after }),
    /** Resolves when everything that has arrived is handled. */
    settled: () => handling,
    close: async () => {
      transport.close()
      await closed
    },
  }
}

export const nonceOf = (): string => toBase64Url(new Uint8Array(randomBytes(16)))

/** The status that answers an upgrade: 101 when it is taken. */
export const upgradeStatus = (url: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, { headers })
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode)
      response.destroy()
    })
    socket.on('open', () => {
      resolve(101)
      socket.close()
    })
    socket.on('error', () => undefined)
  })
