import type { Bytes } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import { nextChain } from '@tonestead/protocol/sync/chain'
import { readItem, writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { readClientFrame, writeRelayFrame } from '@tonestead/protocol/sync/frame'
import type { RelayMessage } from '@tonestead/protocol/sync/frame-messages'
import { signReceipt } from '@tonestead/protocol/sync/keys/receipt'
import { verifyItem } from '@tonestead/protocol/sync/log/check-item'
import { createMemoryLog, type MemoryLog } from '@tonestead/protocol/sync/log/memory-log'
import type { LogItem, Receipt } from '@tonestead/protocol/sync/log-item'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'

// A relay in memory over the fold of protocol/, for tests of replicas. It can be told to lie.

const { subtle } = globalThis.crypto

export type FakeLog = { log: MemoryLog; items: LogItem[] }
export type FakeConnection = { receive: (frame: Bytes) => Promise<void>; device: string; close: () => void }
type Peer = {
  send: (frame: Bytes) => void
  device: string
  after: Map<CollectionId, number>
  logs: Map<CollectionId, FakeLog>
}

export type FakeRelay = ReturnType<typeof createFakeRelay>

export const createFakeRelay = (key: { publicKey: SigningJwk; privateKey: CryptoKey }) => {
  const logs = new Map<CollectionId, FakeLog>()
  const peers = new Set<Peer>()
  /** Devices for which another log is shown: a lie. */
  const shown = new Map<string, Map<CollectionId, FakeLog>>()
  const rules = { areChecked: true, isFanOut: true, isPendingFirst: false }

  const logFor = (device: string, id: CollectionId): FakeLog => {
    const own = shown.get(device)?.get(id)
    if (own !== undefined) return own
    const known = logs.get(id) ?? { log: createMemoryLog({ collection: id }), items: [] }
    logs.set(id, known)
    return known
  }
  const receiptOf = ({ log }: FakeLog, seq = log.length(), nonce?: string): Promise<Receipt> =>
    signReceipt(
      { subtle, signingKey: key.privateKey },
      { collection: log.collection, generation: log.now()?.generation ?? 0, seq, chain: log.chainAt(seq), nonce },
    )
  const say = (peer: Peer, message: RelayMessage, attachments: readonly Bytes[] = []): void =>
    peer.send(writeRelayFrame(message, attachments))

  /** Sends what the peer does not have, with the receipt for the end. */
  const serve = async (peer: Peer, id: CollectionId): Promise<void> => {
    const after = peer.after.get(id)
    if (after === undefined) return
    const held = logFor(peer.device, id)
    const items = held.items.slice(after).map(writeItem)
    const receipt = await receiptOf(held)
    // As the relay of sync-server: also who has more than the relay gets the receipt alone.
    if (items.length === 0) say(peer, { kind: 'receipt', receipt })
    else say(peer, { kind: 'items', collection: id, from: after + 1, receipt }, items)
    peer.after.set(id, Math.max(after, held.log.length()))
  }
  /** Gives an item a place; a refusal otherwise. */
  const append = async (held: FakeLog, item: LogItem, areChecked = rules.areChecked): Promise<string | undefined> => {
    if (held.log.seqOf(item.id) !== undefined) return undefined
    const verified = await verifyItem({ subtle }, item, { now: held.log.now(), length: held.log.length() })
    if (verified.kind === 'never' || verified.kind === 'wait') {
      if (areChecked || item.kind === 'membership') return verified.reason
    }
    const checked =
      verified.kind === 'never' || verified.kind === 'wait'
        ? ({ kind: item.kind, id: item.id, header: item.header } as Parameters<MemoryLog['append']>[0])
        : verified
    const verdict = held.log.check(checked)
    if (areChecked && verdict.kind !== 'ok') return verdict.reason
    held.log.append(checked, await nextChain({ subtle }, held.log.chainAt(held.log.length()), item.id))
    held.items.push(item)
    return undefined
  }
  const fanOut = async (id: CollectionId): Promise<void> => {
    if (rules.isFanOut) for (const peer of peers) await serve(peer, id)
  }
  const onAppend = async (peer: Peer, request: number, bytes: Bytes): Promise<void> => {
    const item = await readItem(bytes)
    if (item === undefined) throw new Error('a replica sent what is no item')
    const id = item.header.collection
    if (rules.isPendingFirst && item.kind === 'envelope')
      for (const other of peers)
        if (other !== peer && other.after.has(id)) say(other, { kind: 'pending', collection: id }, [bytes])
    const held = logFor(peer.device, id)
    const refusal = await append(held, item)
    if (refusal !== undefined) {
      say(peer, { kind: 'refused', request, id: item.id, reason: refusal, isFinal: true })
      return
    }
    say(peer, { kind: 'appended', request, collection: id, seq: held.log.seqOf(item.id)! })
    await fanOut(id)
  }
  const receive = async (peer: Peer, frame: Bytes): Promise<void> => {
    const read = readClientFrame(frame)
    if (read === undefined) throw new Error('a replica sent what is no frame')
    const { message, attachments } = read
    switch (message.kind) {
      case 'authenticate':
        peer.device = message.device
        return say(peer, { kind: 'welcome', connection: 'test' })
      case 'subscribe':
        peer.after.set(message.collection, message.after)
        return serve(peer, message.collection)
      case 'append':
        return onAppend(peer, message.request, attachments[0]!)
      case 'head':
        return say(peer, {
          kind: 'head',
          receipt: await receiptOf(logFor(peer.device, message.collection), undefined, message.nonce),
        })
      case 'read': {
        const held = logFor(peer.device, message.collection)
        const items = held.items.slice(message.after, message.after + message.limit).map(writeItem)
        return say(
          peer,
          { kind: 'items', collection: message.collection, from: message.after + 1, receipt: await receiptOf(held) },
          items,
        )
      }
      default:
        return undefined
    }
  }
  /** Opens a connection: what the relay sends goes to `send`. */
  const connect = (send: (frame: Bytes) => void): FakeConnection => {
    const peer: Peer = { send, device: '', after: new Map(), logs: new Map() }
    peers.add(peer)
    say(peer, { kind: 'challenge', version: 1, relayKey: key.publicKey, nonce: 'A'.repeat(43), at: 0 })
    return { receive: (frame) => receive(peer, frame), device: '', close: () => void peers.delete(peer) }
  }
  /** A copy of a log up to a place. */
  const copyOf = async (id: CollectionId, length: number): Promise<FakeLog> => {
    const copy: FakeLog = { log: createMemoryLog({ collection: id }), items: [] }
    for (const item of logs.get(id)!.items.slice(0, length)) await append(copy, item)
    return copy
  }
  return { key, logs, shown, rules, connect, append, copyOf, fanOut, receiptOf, logFor, peers }
}
