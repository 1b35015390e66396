import { createHash, randomBytes } from 'node:crypto'
import { readItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { Envelope } from '@tonestead/protocol/sync/envelope'
import { signConfirmation, signSnapshot } from '@tonestead/protocol/sync/keys/sign-item'
import type { Snapshot } from '@tonestead/protocol/sync/snapshot'
import type { CollectionId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import { expect, it } from 'vitest'
import type { LogStore } from '../ports/log-store.ts'
import type { TestClient } from '../test-client.testkit.ts'
import { startWorld } from './relay-world.testkit.ts'
import { join, mustAppend, publishAccount, readTo, share } from './test-world.testkit.ts'

const { subtle } = globalThis.crypto
const everything = { after: 0, most: 1000, mostBytes: 1e9 }

const writeEnvelopes = async (
  client: TestClient,
  collection: CollectionId,
  count: number,
): Promise<readonly Envelope[]> => {
  const written: Envelope[] = []
  for (let index = 0; index < count; index += 1) {
    const envelope = await client.envelope(collection)
    await readTo(client, collection, await mustAppend(client, envelope))
    written.push(envelope)
  }
  return written
}

/** A snapshot of the document of these envelopes as of the end of the log, with its part, unless `hasParts` is false. */
const makeSnapshot = async (
  client: TestClient,
  [first]: readonly Envelope[],
  { voids = [], hasParts = true }: { readonly voids?: readonly ItemId[]; readonly hasParts?: boolean } = {},
): Promise<Snapshot> => {
  const { collection, document } = first!.header
  const log = client.logOf(collection)
  const part = new Uint8Array(randomBytes(500))
  const hash = createHash('sha256').update(part).digest('hex')
  const snapshot = await signSnapshot(
    { subtle, signingKey: client.device.signingKey },
    {
      version: 1,
      schemaVersion: 1,
      collection,
      document,
      ...client.account.by(client.device),
      place: { seq: log.length(), chain: log.chainAt(log.length()) },
      voids,
      epoch: log.now()!.epoch,
      salt: new Uint8Array(randomBytes(16)),
      parts: [{ bytes: part.length, hash }],
    },
  )
  await readTo(client, collection, await mustAppend(client, snapshot))
  if (!hasParts) return snapshot
  const from = client.messages.length
  client.send({ kind: 'put-part', request: 99, collection, hash }, [part])
  await client.until(client.isKind('part-stored'), from)
  return snapshot
}

const confirm = async (client: TestClient, { id, header: { collection } }: Snapshot): Promise<void> => {
  const header = { version: 1, collection, ...client.account.by(client.device), snapshot: id } as const
  const item = await signConfirmation({ subtle, signingKey: client.device.signingKey }, header)
  await readTo(client, collection, await mustAppend(client, item))
}

/** Ids of the envelopes whose bodies are stored. */
const bodiesIn = async (store: LogStore, collection: CollectionId): Promise<readonly ItemId[]> => {
  const items = await Promise.all((await store.read({ collection, ...everything })).map(({ bytes }) => readItem(bytes)))
  return items.flatMap((item) => (item?.kind === 'envelope' && item.body !== undefined ? [item.id] : []))
}

const startPair = async () => {
  const { disk, client, expectNoFaults } = await startWorld()
  const [ada, ben] = [await client(), await client()]
  const collection = await share(ada)
  await join(ada, ben, { collection })
  return { store: disk.open(), client, ada, ben, collection, expectNoFaults }
}

it('[RC14] drops bodies under two confirmed snapshots of a shared collection, never void ones, and readers still have the log', async () => {
  const { store, client, ada, ben, collection, expectNoFaults } = await startPair()
  const [first, broken, ...more] = await writeEnvelopes(ada, collection, 4)
  const voids = [broken!.id]
  const one = await makeSnapshot(ada, [first!], { voids })
  await confirm(ada, one)
  await readTo(ben, collection, ada.logOf(collection).length())
  await confirm(ben, one)
  const late = await writeEnvelopes(ada, collection, 1)
  expect(await bodiesIn(store, collection)).toHaveLength(5)
  const two = await makeSnapshot(ada, late, { voids })
  await readTo(ben, collection, ada.logOf(collection).length())
  await confirm(ben, two)
  await expect
    .poll(() => bodiesIn(store, collection), { timeout: 30_000 })
    .toEqual([broken!.id, ...late.map(({ id }) => id)])
  expect(more).toHaveLength(2)
  const second = await client({ account: ben.account, device: ben.device, logs: new Map() })
  second.subscribe(collection)
  await readTo(second, collection, ben.logOf(collection).length())
  expect(second.items.get(first!.id)).toMatchObject({ body: undefined })
  await writeEnvelopes(ada, collection, 1)
  expectNoFaults()
})

it('[RC14] drops nothing under a snapshot whose parts are not all there', async () => {
  const { store, ada, ben, collection, expectNoFaults } = await startPair()
  const written = await writeEnvelopes(ada, collection, 2)
  for (const hasParts of [true, false]) {
    const snapshot = await makeSnapshot(ada, written, { hasParts })
    await readTo(ben, collection, ada.logOf(collection).length())
    await confirm(ben, snapshot)
  }
  // What comes after it in the same process was stored later.
  await writeEnvelopes(ada, collection, 1)
  expect(await bodiesIn(store, collection)).toHaveLength(3)
  expectNoFaults()
})

it('[RC15] leaves bodies out for who has nothing yet, as far as a confirmed snapshot holds them', async () => {
  const { client, ada, ben, collection, expectNoFaults } = await startPair()
  const [first, broken, last] = await writeEnvelopes(ada, collection, 3)
  const snapshot = await makeSnapshot(ada, [first!], { voids: [broken!.id] })
  const read = async (fromSnapshots: boolean) => {
    const reader = await client({ account: ben.account, device: ben.device, logs: new Map() })
    reader.send({ kind: 'subscribe', collection, after: 0, ...(fromSnapshots ? { fromSnapshots: true } : {}) })
    await readTo(reader, collection, ada.logOf(collection).length())
    const bodies = [first!, broken!, last!].map(({ id }) => (reader.items.get(id) as Envelope).body !== undefined)
    return { reader, bodies }
  }
  expect((await read(true)).bodies).toEqual([true, true, true])
  await readTo(ben, collection, ada.logOf(collection).length())
  await confirm(ben, snapshot)
  await readTo(ada, collection, ben.logOf(collection).length())
  expect((await read(false)).bodies).toEqual([true, true, true])
  const { reader, bodies } = await read(true)
  expect(bodies).toEqual([false, true, false])
  const [later] = await writeEnvelopes(ada, collection, 1)
  await readTo(reader, collection, ada.logOf(collection).length())
  expect((reader.items.get(later!.id) as Envelope).body).toEqual(later!.body)
  expectNoFaults()
})

it('[RC15] in a personal collection the devices of the account need no confirmation', async () => {
  const { client, expectNoFaults } = await startWorld()
  const ada = await client()
  const collection = await publishAccount(ada)
  const written = await writeEnvelopes(ada, collection, 2)
  await makeSnapshot(ada, written)
  const again = await client({ account: ada.account, logs: new Map() })
  again.send({ kind: 'subscribe', collection, after: 0, fromSnapshots: true })
  await readTo(again, collection, ada.logOf(collection).length())
  for (const { id } of written) expect(again.items.get(id)).toMatchObject({ body: undefined })
  expectNoFaults()
})
