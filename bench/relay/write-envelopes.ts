import type { Envelope } from '@tonestead/protocol/sync/envelope'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { mustAppend, newAccountOf, publishAccount } from '../../sync-server/src/relay/test-world.testkit.ts'
import { connect, openSocket, type TestClient } from '../../sync-server/src/test-client.testkit.ts'

/** A device that has signed what it will send. */
type Writer = { readonly client: TestClient; readonly envelopes: readonly Envelope[] }

/** As many items of one connection as a relay stores at the same time. */
const inFlight = 64

/** Accounts with a collection each, on connections of their own. Signing happens here, before anything is timed. */
export const openWriters = async (
  url: string,
  counts: { readonly writers: number; readonly envelopes: number; readonly bodyBytes: number },
): Promise<Writer[]> => {
  const writers: Writer[] = []
  while (writers.length < counts.writers) {
    const client = await connect({ account: await newAccountOf('writer'), open: openSocket(url) })
    const collection = await publishAccount(client)
    client.send({ kind: 'unsubscribe', collection })
    writers.push({ client, envelopes: await signMany(client, collection, counts) })
  }
  return writers
}

const signMany = async (
  client: TestClient,
  collection: CollectionId,
  { envelopes, bodyBytes }: { readonly envelopes: number; readonly bodyBytes: number },
): Promise<Envelope[]> => {
  const signed: Envelope[] = []
  while (signed.length < envelopes) signed.push(await client.envelope(collection, bodyBytes))
  return signed
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
  return { perSecond: receiptMs.length / seconds, receiptMs }
}

const writeOne = async ({ client, envelopes }: Writer): Promise<number[]> => {
  const times: number[] = []
  const waiting = envelopes.values()
  const lane = async (): Promise<void> => {
    // The lanes share the iterator, so envelopes are sent in the order of their feed.
    for (const envelope of waiting) {
      const sent = performance.now()
      await mustAppend(client, envelope)
      times.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  await client.close()
  return times
}
