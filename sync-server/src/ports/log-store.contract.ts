import { randomBytes } from 'node:crypto'
import type { DeviceId } from '@tonestead/crdt/ids'
import type { CollectionId, DocumentId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import { expect, it } from 'vitest'
import type { SignedItem } from './log-rules.ts'
import type { LogStore, StoredItem } from './log-store.ts'
import {
  newAccount,
  newCollection,
  newDevice,
  newDocument,
  testConfirmation,
  testEnvelope,
  testMembership,
  testRules,
  testSnapshot,
} from './log-store.testkit.ts'

/** Data on which several stores can be open at once, each as a process of its own would have it. */
export type TestDisk = { readonly open: () => Promise<LogStore> }

const everything = { after: 0, most: 100_000, mostBytes: 1e9 }
const writers = 8
const itemsOfWriter = 12

const begin = async (store: LogStore, devices: readonly DeviceId[]) => {
  const collection = newCollection()
  const first = testMembership({ collection, base: undefined, devices })
  expect((await store.append([first])).outcomes).toEqual([{ kind: 'placed', seq: 1 }])
  return { collection, first }
}
const placeOf = async (store: LogStore, collection: CollectionId) => {
  const head = await store.head(collection)
  return { seq: head!.length, chain: head!.chain }
}

/** One device that writes `itemsOfWriter` envelopes, each when the one before is durable. */
const write = async (store: LogStore, collection: CollectionId, device: DeviceId): Promise<ItemId[]> => {
  const written: SignedItem[] = []
  let last: ReturnType<typeof testEnvelope> | undefined
  for (let number = 1; number <= itemsOfWriter; number += 1) {
    const seen = await placeOf(store, collection)
    last = testEnvelope({
      collection,
      device,
      seen,
      number,
      ...(last === undefined ? {} : { feed: last.feed, prev: last.id }),
    })
    expect((await store.append([last])).outcomes).toMatchObject([{ kind: 'placed' }])
    written.push(last)
  }
  return written.map(({ id }) => id)
}

/** Checks order, chain and contents of a whole log. */
const expectWhole = async (store: LogStore, collection: CollectionId): Promise<readonly StoredItem[]> => {
  const items = await store.read({ collection, ...everything })
  expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => index + 1))
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
  let chain = testRules.firstChain(collection)
  for (const { id, seq } of items) {
    chain = testRules.nextChain(chain, id)
    if (seq % 7 === 0) expect(await store.chainAt(collection, seq)).toBe(chain)
  }
  expect(await store.head(collection)).toMatchObject({ length: items.length, chain })
  return items
}

/** The contract of every log store. `makeDisk` makes an empty one. */
export const logStoreContract = (makeDisk: () => Promise<TestDisk>): void => {
  it('[RD1] gives places without gap or double to eight writers in two processes, and a reader never skips', async () => {
    const { open } = await makeDisk()
    const stores = [await open(), await open()] as const
    const devices = Array.from({ length: writers }, newDevice)
    const { collection } = await begin(stores[0], devices)
    const writing = Promise.all(devices.map((device, index) => write(stores[index % 2]!, collection, device)))
    let isWriting = true
    const read: StoredItem[] = []
    const reading = (async () => {
      for (;;) {
        const wasWriting = isWriting
        const page = await stores[1].read({ collection, after: read.length, most: 5, mostBytes: 1e6 })
        read.push(...page)
        if (!wasWriting && page.length === 0) return
        if (page.length === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const written = await writing
    isWriting = false
    await reading
    const items = await expectWhole(stores[0], collection)
    expect(items).toHaveLength(1 + writers * itemsOfWriter)
    expect(read).toEqual(items)
    for (const ids of written) {
      const own = new Set(ids)
      expect(items.map(({ id }) => id).filter((id) => own.has(id))).toEqual(ids)
    }
    await Promise.all(stores.map((store) => store.close()))
  })

  it('[RD2] appends a group over many logs, in which each item sees those before it', async () => {
    const { open } = await makeDisk()
    const store = await open()
    const device = newDevice()
    const logs = await Promise.all([1, 2, 3].map(() => begin(store, [device])))
    const group: SignedItem[] = []
    for (const { collection } of logs) {
      const seen = await placeOf(store, collection)
      const first = testEnvelope({ collection, device, seen })
      const other = testEnvelope({ collection, device: newDevice(), seen, deps: [first.id] })
      group.push(first, testEnvelope({ collection, device, seen, feed: first.feed, number: 2, prev: first.id }), other)
    }
    // One from each log in turn.
    const mixed = [0, 1, 2].flatMap((place) => logs.map((_, log) => group[log * 3 + place]!))
    const { outcomes, heads } = await store.append(mixed)
    expect(outcomes).toEqual([2, 2, 2, 3, 3, 3, 4, 4, 4].map((seq) => ({ kind: 'placed', seq })))
    expect(new Set(heads.map(({ collection }) => collection))).toEqual(
      new Set(logs.map(({ collection }) => collection)),
    )
    for (const { collection } of logs) expect(await expectWhole(store, collection)).toHaveLength(4)
    await store.close()
  })

  it('[RD3] refuses by the facts of the log, and takes the rest of the group', async () => {
    const { open } = await makeDisk()
    const store = await open()
    const device = newDevice()
    const { collection, first } = await begin(store, [device])
    const seen = await placeOf(store, collection)
    const good = testEnvelope({ collection, device, seen })
    const after = testEnvelope({ collection, device, seen, feed: good.feed, number: 2, prev: good.id })
    const rivals = [
      testEnvelope({ collection, device, seen: { seq: 1, chain: testRules.firstChain(collection) } }),
      testEnvelope({ collection, device, seen: { seq: 9, chain: seen.chain } }),
      testEnvelope({ collection, device, seen, feed: good.feed, number: 1, prev: good.id }),
      testEnvelope({ collection, device, seen, feed: good.feed, number: 3, prev: good.id }),
      testEnvelope({ collection, device, seen, feed: good.feed, number: 2, prev: first.id }),
      testEnvelope({ collection, device: newDevice(), seen, deps: [after.id] }),
      testMembership({ collection, base: undefined, devices: [device] }),
    ]
    const { outcomes } = await store.append([good, ...rivals, after, good])
    expect(outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.verdict : outcome.kind))).toEqual([
      'placed',
      { kind: 'never', reason: 'seen-off-chain' },
      { kind: 'wait', reason: 'seen-ahead' },
      { kind: 'never', reason: 'number-taken' },
      { kind: 'wait', reason: 'number-gap' },
      { kind: 'never', reason: 'prev-wrong' },
      { kind: 'wait', reason: 'dep-missing' },
      { kind: 'never', reason: 'base-moved' },
      'placed',
      'duplicate',
    ])
    expect((await store.append([after])).outcomes).toEqual([{ kind: 'duplicate', seq: 3 }])
    expect(await store.placeOf(collection, after.id)).toBe(3)
    expect(await store.placeOf(collection, rivals[0]!.id)).toBeUndefined()
    expect(await expectWhole(store, collection)).toHaveLength(3)
    await store.close()
  })

  it('[RD4] knows the membership at every place, and who was taken away where', async () => {
    const { open } = await makeDisk()
    const [store, other] = [await open(), await open()]
    const [kept, gone] = [newDevice(), newDevice()]
    const { collection, first } = await begin(store, [kept, gone])
    const removal = testMembership({ collection, base: first.id, devices: [kept] })
    await store.append([removal])
    const back = testMembership({ collection, base: removal.id, devices: [kept, gone] })
    await other.append([back])
    expect(await store.departureOf(collection, gone)).toBe(2)
    expect(await store.departureOf(collection, kept)).toBeUndefined()
    const head = await store.head(collection)
    expect(head?.state).toMatchObject({ base: back.id, count: 3 })
    expect([...head!.state.members.values()][0]?.devices.has(gone)).toBe(true)
    await Promise.all([store.close(), other.close()])
  })

  it('[RD5] sees the newest membership of another collection inside the transaction', async () => {
    const { open } = await makeDisk()
    const [store, second] = [await open(), await open()]
    const device = newDevice()
    const personal = await begin(store, [device])
    const shared = await begin(store, [device])
    const seen = await placeOf(store, shared.collection)
    const other = personal.collection
    const before = testEnvelope({ collection: shared.collection, device, seen, other })
    expect((await store.append([before])).outcomes).toMatchObject([{ kind: 'placed' }])
    const part = new Uint8Array(10)
    const naming = (id: ItemId) =>
      testSnapshot({ collection: shared.collection, device, place: seen, part, other, voids: [id] })
    expect((await store.append([naming(personal.first.id), naming(shared.first.id)])).outcomes).toMatchObject([
      { kind: 'placed' },
      { kind: 'refused', verdict: { reason: 'malformed' } },
    ])
    // In the test rules a stale personal collection means that the device was removed.
    await second.append([testMembership({ collection: other, base: personal.first.id, devices: [] })])
    const after = testEnvelope({ collection: shared.collection, device, seen, prev: before.id, other })
    expect((await store.append([after])).outcomes).toEqual([
      { kind: 'refused', verdict: { kind: 'never', reason: 'no-right' } },
    ])
    await Promise.all([store.close(), second.close()])
  })

  it('[RD6] cuts the log at the place that a re-homing keeps, with everything that followed from the rest', async () => {
    const { open } = await makeDisk()
    const store = await open()
    const [device, gone] = [newDevice(), newDevice()]
    const { collection, first } = await begin(store, [device, gone])
    const keeps = await placeOf(store, collection)
    const lost = testEnvelope({ collection, device, seen: keeps })
    const part = new Uint8Array(randomBytes(100))
    const snapshot = testSnapshot({ collection, device, place: keeps, part })
    await store.append([lost, snapshot, testMembership({ collection, base: first.id, devices: [device] })])
    await store.putPart(collection, snapshot.hash, part)
    const rehomed = testMembership({ collection, base: first.id, devices: [device, gone], keeps })
    expect((await store.append([rehomed])).outcomes).toEqual([{ kind: 'placed', seq: 2 }])
    expect((await expectWhole(store, collection)).map(({ id }) => id)).toEqual([first.id, rehomed.id])
    expect(await store.departureOf(collection, gone)).toBeUndefined()
    expect(await store.getPart(collection, snapshot.hash)).toBeUndefined()
    const again = testEnvelope({ collection, device, seen: await placeOf(store, collection) })
    expect((await store.append([lost, again])).outcomes).toMatchObject([
      { kind: 'placed', seq: 3 },
      { kind: 'refused', verdict: { reason: 'prev-wrong' } },
    ])
    await store.close()
  })

  it('[RD7] keeps the parts that a snapshot names, and no other', async () => {
    const { open } = await makeDisk()
    const store = await open()
    const device = newDevice()
    const { collection } = await begin(store, [device])
    const part = new Uint8Array(randomBytes(5000))
    const snapshot = testSnapshot({ collection, device, place: await placeOf(store, collection), part })
    expect(await store.putPart(collection, snapshot.hash, part)).toBe('unknown')
    await store.append([snapshot])
    expect(await store.getPart(collection, snapshot.hash)).toBeUndefined()
    expect(await store.putPart(collection, snapshot.hash, part.subarray(1))).toBe('unknown')
    expect(await store.putPart(newCollection(), snapshot.hash, part)).toBe('unknown')
    expect(await store.putPart(collection, snapshot.hash, part)).toBe('stored')
    expect(await store.getPart(collection, snapshot.hash)).toEqual(part)
    await store.close()
  })

  it('[RD13] knows the snapshots and confirmations of a log, and whether all parts are here', async () => {
    const { open } = await makeDisk()
    const store = await open()
    const device = newDevice()
    const { collection } = await begin(store, [device])
    const part = new Uint8Array(randomBytes(500))
    const snapshot = testSnapshot({ collection, device, place: await placeOf(store, collection), part })
    const confirmation = testConfirmation({ collection, device: newDevice() }, snapshot.id)
    expect(await store.snapshots(collection)).toEqual([])
    const envelope = testEnvelope({ collection, device, seen: await placeOf(store, collection) })
    expect((await store.append([envelope, snapshot, confirmation])).outcomes).toMatchObject(
      [2, 3, 4].map((seq) => ({ kind: 'placed', seq })),
    )
    const found = async () => (await store.snapshots(collection)).map(({ id, isComplete }) => [id, isComplete])
    expect(await found()).toEqual([
      [snapshot.id, false],
      [confirmation.id, true],
    ])
    await store.putPart(collection, snapshot.hash, part)
    expect(await found()).toEqual([
      [snapshot.id, true],
      [confirmation.id, true],
    ])
    expect((await store.snapshots(collection))[0]?.bytes).toEqual(snapshot.bytes)
    expect(await store.snapshots(newCollection())).toEqual([])
    await store.close()
  })

  it('[RD14] drops bodies of one document up to a place, but none that is kept; everything else stays', async () => {
    const { open } = await makeDisk()
    const [store, other] = [await open(), await open()]
    const { collection } = await begin(store, [newDevice()])
    const seen = await placeOf(store, collection)
    const document = newDocument()
    const written = (of: DocumentId) => testEnvelope({ collection, device: newDevice(), seen, document: of })
    const [old, kept, foreign, late] = [written(document), written(document), written(newDocument()), written(document)]
    await store.append([old, kept, foreign, late])
    const before = await store.read({ collection, ...everything })
    const head = await store.head(collection)
    const drop = { collection, document, upTo: 4, keeps: new Set([kept.id]) }
    expect(await other.dropBodies(drop)).toBe(1)
    expect(await store.dropBodies(drop)).toBe(0)
    expect(await store.dropBodies({ ...drop, collection: newCollection() })).toBe(0)
    const after = await expectWhole(store, collection)
    expect(after.map(({ bytes }) => bytes)).toEqual(
      before.map(({ bytes }, index) => (index === 1 ? testRules.withoutBody(bytes) : bytes)),
    )
    expect(after[1]!.bytes.length).toBeLessThan(before[1]!.bytes.length)
    expect(await store.head(collection)).toEqual(head)
    const next = testEnvelope({
      collection,
      device: old.item.header.device,
      seen,
      feed: old.feed,
      number: 2,
      prev: old.id,
    })
    expect((await store.append([old, next])).outcomes).toEqual([
      { kind: 'duplicate', seq: 2 },
      { kind: 'placed', seq: 6 },
    ])
    await Promise.all([store.close(), other.close()])
    const again = await open()
    expect((await again.read({ collection, ...everything }))[1]).toEqual(after[1])
    await again.close()
  })

  it('[RD8] is the same when it is opened again', async () => {
    const { open } = await makeDisk()
    const before = await open()
    const device = newDevice()
    const { collection } = await begin(before, [device])
    const ids = await write(before, collection, device)
    const account = newAccount()
    await before.admit(account, 1)
    await before.admit(account, 2)
    const head = await before.head(collection)
    await before.close()
    const store = await open()
    expect(await store.head(collection)).toEqual(head)
    expect((await expectWhole(store, collection)).slice(1).map(({ id }) => id)).toEqual(ids)
    expect(await store.isAdmitted(account)).toBe(true)
    expect(await store.isAdmitted(newAccount())).toBe(false)
    await store.close()
  })

  it('[RD9] reads pages within a number of bytes, and at least one item', async () => {
    const { open } = await makeDisk()
    const store = await open()
    const device = newDevice()
    const { collection } = await begin(store, [device])
    const seen = await placeOf(store, collection)
    const large = [1, 2, 3].map(() => testEnvelope({ collection, device: newDevice(), seen, size: 100_000 }))
    await store.append(large)
    const seqs = async (after: number, mostBytes: number, most = 10) =>
      (await store.read({ collection, after, most, mostBytes })).map(({ seq }) => seq)
    expect(await seqs(1, 10)).toEqual([2])
    expect(await seqs(1, 250_000)).toEqual([2, 3])
    expect(await seqs(0, 1e6, 2)).toEqual([1, 2])
    expect(await seqs(4, 1e6)).toEqual([])
    expect(await store.read({ collection: newCollection(), ...everything })).toEqual([])
    expect((await store.read({ collection, after: 1, most: 1, mostBytes: 1 }))[0]?.bytes).toEqual(large[0]?.bytes)
    await store.close()
  })

  it('[RD11] belongs to the relay that used it first', async () => {
    const { open } = await makeDisk()
    const [store, other] = [await open(), await open()]
    expect(await store.belongsTo('one')).toBe(true)
    expect(await other.belongsTo('two')).toBe(false)
    expect(await other.belongsTo('one')).toBe(true)
    await Promise.all([store.close(), other.close()])
  })
}

/** For stores that several processes share. */
export const relayMessageContract = (makeDisk: () => Promise<TestDisk>): void => {
  it('[RD12] tells the other processes what changed and what they publish, and not the sender', async () => {
    const { open } = await makeDisk()
    const [store, other] = [await open(), await open()]
    const heard: { sender: string[]; others: unknown[] } = { sender: [], others: [] }
    await store.listen(({ kind }) => void heard.sender.push(kind))
    await other.listen((message) => void heard.others.push(message))
    const device = newDevice()
    const { collection } = await begin(store, [device])
    // As large as an ephemeral message may be.
    const bytes = new Uint8Array(randomBytes(16_384))
    await store.publish({ kind: 'ephemeral', collection, from: device, bytes })
    await expect
      .poll(() => heard.others, { timeout: 30_000 })
      .toEqual([
        { kind: 'changed', collection },
        { kind: 'ephemeral', collection, from: device, bytes },
      ])
    expect(heard.sender).toEqual([])
    await Promise.all([store.close(), other.close()])
  })
}
