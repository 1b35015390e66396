import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readItem, writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { readSnapshotContent, writeSnapshotContent } from '@tonestead/protocol/sync/codec/snapshot-content'
import { writeClientFrame } from '@tonestead/protocol/sync/frame'
import { sealSnapshot } from '@tonestead/protocol/sync/keys/sealed-body'
import { signSnapshot } from '@tonestead/protocol/sync/keys/sign-item'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { createMemoryJournal } from '../../../platform/browser-storage/memory-journal.ts'
import type { JournalWrite } from '../../../ports/journal.ts'
import { documentIdOf } from '../documents/document-id.ts'
import { inspect } from '../forge.testkit.ts'
import { placeKey } from '../journal-keys.ts'
import { untilLater } from '../real-relay-world.testkit.ts'
import { createWorld, idOf, type TestDevice, type World } from '../replica-world.testkit.ts'
import { contentUpTo } from './document-content.ts'
import { createSnapshotWorld, letters, show, snapshotRules, write } from './snapshot-world.testkit.ts'

const { subtle } = globalThis.crypto
type SnapshotWorld = Awaited<ReturnType<typeof createSnapshotWorld>>

/** Two rounds of six entries, each until its snapshot is confirmed. */
const writeTwoRounds = async ({ world, ann, ben, list, stored }: SnapshotWorld): Promise<void> => {
  let confirmed = 0
  const look = async () => {
    confirmed = (await stored()).filter(({ kind }) => kind === 'confirmation').length
  }
  for (let round = 0; round < 2; round += 1) {
    await write(world, { list, devices: [ann, ben], from: round * 6, to: round * 6 + 6 })
    await untilLater(world, () => {
      void look()
      return confirmed > round
    })
  }
}

test('[SN6] [SN7] one member makes a snapshot, another checks and confirms it, and bodies leave journals and relay', async () => {
  const all = await createSnapshotWorld()
  const { ann, ben, list, stored, faults } = all
  await writeTwoRounds(all)
  const items = await stored()
  expect(items.filter(({ kind }) => kind === 'snapshot')).toHaveLength(2)
  expect(items.filter((item) => item.kind === 'envelope' && item.body !== undefined)).toHaveLength(6)
  expect(faults).toEqual([])
  for (const device of [ann, ben]) {
    expect(device.replica.status(list)!.faults).toEqual([])
    const { rows } = await device.journal.read({ table: 'items', scope: list })
    const kept = await Promise.all(rows.map(({ value }) => readItem(value)))
    expect(kept.filter((item) => item?.kind === 'envelope' && item.body !== undefined)).toHaveLength(0)
  }
}, 60_000)

test('[SN2] a new member has the bodies that are gone from the snapshot, writes, and has them after a restart without a relay', async () => {
  const all = await createSnapshotWorld()
  const { world, ann, ben, list } = all
  await writeTwoRounds(all)
  const eve = await world.createAccount('eve')
  await untilLater(world, () => eve.replica.status(eve.personal)!.length === 1)
  await world.invite(ann, eve, { collection: list, role: 'editor' })
  const entries = letters.slice(0, 12).join('')
  await untilLater(world, () => show(eve, list) === entries)
  expect(eve.replica.status(list)).toMatchObject({ kind: 'open', isBodyMissing: false, faults: [] })
  expect(await eve.add(list, 'z')).toEqual({ kind: 'kept' })
  await untilLater(world, () => show(ann, list) === `${entries}z`)
  for (const device of [ann, ben, eve]) {
    await device.crash()
    expect(show(device, list), device.name).toContain(entries)
    device.goOnline()
  }
  await untilLater(world, () => [ann, ben, eve].every((device) => show(device, list) === `${entries}z`))
}, 60_000)

/** A snapshot by the device that is not true, with its parts, put on the relay. */
const putFalse = async ({ world, list }: Pick<SnapshotWorld, 'world' | 'list'>, device: TestDevice): Promise<void> => {
  const state = await inspect(device, list)
  const document = documentIdOf(list, 'playlist')
  const upTo = state.log.length()
  const content = readSnapshotContent(contentUpTo(state, { document, upTo })!.bytes)!
  const false_ = writeSnapshotContent({ ...content, envelopes: content.envelopes.slice(1) })
  const { keys } = state.epochs.get(state.log.now()!.epoch)!
  const { account, device: id } = device
  const place = { seq: upTo, chain: state.log.chainAt(upTo) }
  const unsealed = {
    version: 1,
    schemaVersion: 1,
    collection: list,
    document,
    account,
    device: id,
    place,
    voids: [],
  } as const
  const header = { ...unsealed, epoch: state.log.now()!.epoch, salt: new Uint8Array(16).fill(9) }
  const sealed = await sealSnapshot({ subtle }, keys, { header, plaintext: new Uint8Array(deflateRawSync(false_)) })
  const item = await signSnapshot({ subtle, signingKey: device.identity.signing.privateKey }, sealed.header)
  device.sendToRelay(writeClientFrame({ kind: 'append', request: 2 ** 31 }, [writeItem(item)]))
  await world.settle()
  for (const [part, { hash }] of item.header.parts.entries())
    device.sendToRelay(
      writeClientFrame({ kind: 'put-part', request: 2 ** 31, collection: list, hash }, [sealed.parts[part]!]),
    )
  await world.settle()
}

test('[SN3] [SN7] a false snapshot is never used, its author is named at every member, also after a restart, and all go on', async () => {
  const all = await createSnapshotWorld()
  const { world, ann, ben, list } = all
  await writeTwoRounds(all)
  await putFalse(all, ben)
  const names = (device: TestDevice) => device.replica.status(list)!.faults.map(({ device: author }) => author)
  await untilLater(world, () => names(ann).length === 1)
  expect(names(ann)).toEqual([ben.device])
  const eve = await world.createAccount('eve')
  await untilLater(world, () => eve.replica.status(eve.personal)!.length === 1)
  await world.invite(ann, eve, { collection: list, role: 'editor' })
  const entries = letters.slice(0, 12).join('')
  await untilLater(world, () => show(eve, list) === entries && names(eve).length === 1)
  expect(names(eve)).toEqual([ben.device])
  expect(await eve.add(list, 'x')).toEqual({ kind: 'kept' })
  await eve.crash()
  expect(show(eve, list)).toBe(`${entries}x`)
  expect(names(eve)).toEqual([ben.device])
  expect(await ann.add(list, 'y')).toEqual({ kind: 'kept' })
}, 60_000)

/** Everything that a device writes to its journal, transaction by transaction. */
const recordTransactions = ({ journal }: TestDevice): (readonly JournalWrite[])[] => {
  const transactions: (readonly JournalWrite[])[] = []
  const { commit } = journal
  journal.commit = (transaction) => {
    transactions.push(transaction.writes)
    return commit(transaction)
  }
  return transactions
}

const journalOf = async (transactions: readonly (readonly JournalWrite[])[]) => {
  const journal = createMemoryJournal()
  const fence = await journal.takeOver()
  for (const writes of transactions) await journal.commit({ fence, writes, isStrict: true })
  return journal
}

test('[SN5] killed after any transaction, a device shows what a replay of all bodies shows', async () => {
  const all = await createSnapshotWorld()
  const { ann, ben, list } = all
  for (const device of [ann, ben]) {
    // What was written before, in one transaction.
    const before: JournalWrite[] = []
    for (const scope of await device.journal.scopes())
      for (const table of ['items', 'pending', 'intents', 'facts', 'snapshots'] as const)
        for (const { key, value } of (await device.journal.read({ table, scope })).rows)
          before.push({ kind: 'put', table, scope, key, value })
    Object.assign(device, { recorded: [before] })
  }
  const recorded = new Map([ann, ben].map((device) => [device, recordTransactions(device)]))
  await writeTwoRounds(all)
  for (const device of [ann, ben]) {
    const transactions = [...(device as unknown as { recorded: JournalWrite[][] }).recorded, ...recorded.get(device)!]
    const whole = new Map<string, JournalWrite>()
    for (const write of transactions.flat())
      if (write.kind === 'put' && write.table === 'items' && write.scope === list && !whole.has(write.key))
        whole.set(write.key, write)
    let stripped = 0
    for (let count = 1; count <= transactions.length; count += 1) {
      const journal = await journalOf(transactions.slice(0, count))
      const state = await inspect({ ...device, journal }, list)
      expect(state.judged, `${device.name} ${count}`).toBe(state.log.length())
      stripped += state.snapshots.bodiless.size
      const facts = transactions.slice(0, count).map((writes) => writes.filter(({ table }) => table !== 'items'))
      const bodies = Array.from({ length: state.log.length() }, (_, index) => whole.get(placeKey(index + 1))!)
      const others = transactions
        .slice(0, count)
        .flat()
        .filter(({ table, scope }) => table === 'items' && scope !== list)
      const replayed = await inspect({ ...device, journal: await journalOf([...facts, others, bodies]) }, list)
      expect(pictureOf(state)).toEqual(pictureOf(replayed))
    }
    expect(stripped).toBeGreaterThan(10)
  }
}, 120_000)

const pictureOf = (state: Awaited<ReturnType<typeof inspect>>) =>
  [...state.documents.values()].map(({ name, document }) => [name, JSON.stringify(document)])

const advanceAll = async (world: World): Promise<void> => {
  for (let step = 0; step < 10; step += 1) {
    await world.settle()
    for (const { clock } of world.devices.values()) await clock.advance(20)
  }
}

const bodiesOf = async (device: TestDevice, list: CollectionId): Promise<number> => {
  const { rows } = await device.journal.read({ table: 'items', scope: list })
  const items = await Promise.all(rows.map(({ value }) => readItem(value)))
  return items.filter((item) => item?.kind === 'envelope' && item.body !== undefined).length
}

test('[RP24] [SN4] [SN5] an owner whose bodies have left the journal brings all of them to a new home, in the bytes of their authors', async () => {
  const world = await createWorld(undefined, { snapshotRules })
  const ann = await world.createAccount('ann')
  const ben = await world.createAccount('ben')
  const list = await world.createShared(ann, [[ben, 'editor']])
  for (let index = 0; index < 8; index += 1) {
    await [ann, ben][index % 2]!.add(list, letters[index]!)
    await world.settle()
  }
  const before = world.relay.logs.get(list)!.items.map(writeItem)
  await advanceAll(world)
  expect(await bodiesOf(ann, list)).toBe(0)
  for (const device of [ann, ben]) device.goOffline()
  const next = await world.moveTo(ann, list)
  expect(next.logs.get(list)!.items.slice(0, before.length).map(writeItem)).toEqual(before)
  for (const device of [ann, ben]) await world.goTo(device, list, next)
  await ben.add(list, letters[8]!)
  await world.settle()
  for (const device of [ann, ben]) expect(show(device, list)).toBe(letters.slice(0, 9).join(''))
}, 60_000)

test('[RP24] [SN5] a cut before the place of a snapshot gives its bodies back, and what lay behind it is written again', async () => {
  const world = await createWorld(undefined, { snapshotRules })
  const ann = await world.createAccount('ann')
  const ben = await world.createAccount('ben')
  const list = await world.createShared(ann, [[ben, 'editor']])
  await ann.add(list, 'a')
  await world.settle()
  ann.goOffline()
  // Ann's log ends here. Ben's goes on, and a snapshot of his stands for its bodies.
  for (let index = 1; index < 9; index += 1) {
    await ben.add(list, letters[index]!)
    await world.settle()
  }
  await advanceAll(world)
  expect(await bodiesOf(ben, list)).toBe(0)
  ben.goOffline()
  const next = await world.moveTo(ann, list)
  for (const device of [ann, ben]) await world.goTo(device, list, next)
  await world.settle()
  for (const device of [ann, ben]) expect(show(device, list), device.name).toBe(letters.slice(0, 9).join(''))
  await ben.crash()
  expect(show(ben, list)).toBe(letters.slice(0, 9).join(''))
  expect(ben.replica.status(list)).toMatchObject({ kind: 'open', isBodyMissing: false })
}, 60_000)

test('[SN5] a snapshot in the journal that is damaged is fetched again from the relay', async () => {
  const all = await createSnapshotWorld()
  const { world, ann, ben, list } = all
  await writeTwoRounds(all)
  const { rows } = await ann.journal.read({ table: 'snapshots', scope: list })
  for (const { key } of rows) ann.journal.damage('snapshots', list, key)
  await ann.crash()
  expect(ann.replica.status(list)).toMatchObject({ isBodyMissing: true })
  expect(await ann.add(list, 'x')).toEqual({ kind: 'waiting' })
  ann.goOnline()
  await untilLater(world, () => show(ben, list) === `${letters.slice(0, 12).join('')}x`)
  expect(ann.replica.status(list)).toMatchObject({ isBodyMissing: false, waiting: 0 })
}, 60_000)

test('[SN1] what a snapshot holds is a fraction of the bodies that it stands for', async () => {
  const world = await createWorld(undefined, { snapshotRules: { ...snapshotRules, envelopes: 100 } })
  const ann = await world.createAccount('ann')
  const list = await world.createShared(ann)
  for (let index = 0; index < 100; index += 1)
    await ann.add(list, `e${letters[index % 26]}${letters[Math.floor(index / 26)]}`)
  await world.settle()
  const size = async () => {
    let bytes = 0
    for (const table of ['items', 'facts', 'snapshots'] as const)
      for (const { value } of (await ann.journal.read({ table, scope: list })).rows) bytes += value.length
    return bytes
  }
  const before = await size()
  await advanceAll(world)
  expect(await bodiesOf(ann, list)).toBe(0)
  expect(await size()).toBeLessThan(before * 0.6)
  const state = await inspect(ann, list)
  const kept = [...state.snapshots.kept.values()][0]!
  const { bytes } = contentUpTo(state, { document: kept.header.document, upTo: kept.header.place.seq })!
  expect(inflateRawSync(deflateRawSync(bytes))).toEqual(Buffer.from(bytes))
  expect(kept.header.parts[0]!.bytes).toBeLessThan(bytes.length / 4)
  expect(ann.entries(list)).toHaveLength(100)
  expect(idOf('a')).toHaveLength(26)
}, 60_000)
