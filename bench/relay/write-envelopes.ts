import { readRelayFrame, writeClientFrame } from '@tonestead/protocol/sync/frame'
import { writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import { newAccountOf, publishAccount } from '../../sync-server/src/relay/test-world.testkit.ts'
import { connect, openSocket, type OpenTransport, type TestClient } from '../../sync-server/src/test-client.testkit.ts'

/** A device that has signed what it will send, as the bytes of frames: the load must cost little beside the relay. */
type Writer = {
  readonly client: TestClient
  readonly frames: readonly Bytes[]
  /** The place of the first envelope. */
  readonly firstPlace: number
  readonly send: (frame: Bytes) => void
  /** From now on frames of the relay go to the listener and not to the client. */
  readonly listen: (listener: (frame: Bytes) => void) => void
}

/** As many items of one connection as a relay stores at the same time. */
const inFlight = 64
/** The first byte of these frames of the relay (frame.ts). The others need no reading here. */
const [receiptCode, refusedCode] = [4, 7]

/** Accounts with a collection each, on connections of their own. Signing happens here, before anything is timed. */
export const openWriters = async (
  url: string,
  counts: { readonly writers: number; readonly envelopes: number; readonly bodyBytes: number },
): Promise<Writer[]> => {
  const writers: Writer[] = []
  while (writers.length < counts.writers) writers.push(await openWriter(url, counts))
  return writers
}

const openWriter = async (
  url: string,
  counts: { readonly envelopes: number; readonly bodyBytes: number },
): Promise<Writer> => {
  let [listener, send]: [((frame: Bytes) => void) | undefined, (frame: Bytes) => void] = [undefined, () => undefined]
  const open: OpenTransport = async ({ onFrame }) => {
    const transport = await openSocket(url)({ onFrame: (frame) => (listener ?? onFrame)(frame) })
    send = transport.send
    return transport
  }
  const client = await connect({ account: await newAccountOf('writer'), open })
  const collection = await publishAccount(client)
  const firstPlace = client.account.items.length + 1
  client.send({ kind: 'unsubscribe', collection })
  const frames = await signMany(client, collection, counts)
  return { client, frames, firstPlace, send: (frame) => send(frame), listen: (next) => (listener = next) }
}

const signMany = async (
  client: TestClient,
  collection: CollectionId,
  { envelopes, bodyBytes }: { readonly envelopes: number; readonly bodyBytes: number },
): Promise<Bytes[]> => {
  const frames: Bytes[] = []
  while (frames.length < envelopes) {
    const item = writeItem(await client.envelope(collection, bodyBytes))
    frames.push(writeClientFrame({ kind: 'append', request: frames.length + 1 }, [item]))
  }
  return frames
}

export type WriteResult = {
  readonly perSecond: number
  /** Milliseconds from the send to the receipt that covers the envelope, of each envelope. */
  readonly receiptMs: readonly number[]
}

/** All writers send at once, each with up to 64 envelopes without a receipt. A refused one rejects. */
export const writeAll = async (writers: readonly Writer[]): Promise<WriteResult> => {
  const began = performance.now()
  const times = await Promise.all(writers.map(writeOne))
  const seconds = (performance.now() - began) / 1000
  const receiptMs = times.flat()
  await Promise.all(writers.map(({ client }) => client.close()))
  return { perSecond: receiptMs.length / seconds, receiptMs }
}

const writeOne = ({ frames, firstPlace, send, listen }: Writer): Promise<number[]> =>
  new Promise((resolve, reject) => {
    const [sentAt, times]: [number[], number[]] = [[], []]
    const sendMore = (): void => {
      while (sentAt.length < Math.min(frames.length, times.length + inFlight)) {
        const frame = frames[sentAt.length]
        sentAt.push(performance.now())
        if (frame !== undefined) send(frame)
      }
    }
    listen((frame) => {
      if (frame[0] !== receiptCode && frame[0] !== refusedCode) return
      const message = readRelayFrame(frame)?.message
      if (message?.kind === 'refused') reject(new Error(`refused: ${message.reason}`))
      if (message?.kind !== 'receipt') return
      const now = performance.now()
      while (times.length <= message.receipt.seq - firstPlace) times.push(now - (sentAt[times.length] ?? now))
      if (times.length >= frames.length) resolve(times)
      else sendMore()
    })
    sendMore()
  })
