import { expect, test } from 'vitest'
import { readItem, writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { shownIds, type AnySlots } from '@tonestead/crdt/slots/slot-list'
import type { Replica } from '../replica.ts'
import { playRandomHistory } from '../random-histories.testkit.ts'
import { createWorld, idOf, type TestDevice } from '../replica-world.testkit.ts'
import type { MemoryJournal } from '../../../platform/browser-storage/memory-journal.ts'
import type { JournalWrite } from '../../../ports/journal.ts'
import { logRowKey, readLogRow, writeLogRow, type LogRow } from './checked-rows.ts'
import { copyJournal, removeChecked, rowsOf, writeRows } from './checked-journal.testkit.ts'

const seeds = Number(process.env['TONESTEAD_SEEDS'] ?? 2)
const firstSeed = Number(process.env['TONESTEAD_FIRST_SEED'] ?? 1)

const shownBy = (replica: Replica): unknown =>
  replica.collections().map((id) => ({
    id,
    document: replica.show(id, 'playlist'),
    status: replica.status(id),
  }))

const entriesIn = (replica: Replica, list: CollectionId): readonly string[] => {
  const document = replica.show(list, 'playlist')
  return document === undefined ? [] : shownIds(document as AnySlots).map((id) => id.slice(0, id.indexOf('7')))
}

const edits = [
  { kind: 'setTitle', title: 'after the start' },
  { kind: 'moveEntries', ids: [idOf('na')], place: { kind: 'start' } },
  { kind: 'removeEntries', ids: [idOf('nb')] },
]

/** What a device shows after a start on this journal, and after edits; and all that its journal has then, but for the checked documents. */
const startOn = async (device: TestDevice, journal: MemoryJournal): Promise<readonly unknown[]> => {
  const replica = await device.openCopy(journal)
  const found = [shownBy(replica)]
  for (const collection of replica.collections())
    for (const [index, edit] of edits.entries()) {
      const id = idOf(`probe${'abc'[index]}`)
      const intent = { id, operation: { id, ...edit } }
      found.push(await replica.edit({ collection, document: 'playlist', intent }).catch((cause: unknown) => cause))
    }
  found.push(shownBy(replica))
  await replica.close()
  return found
}

const expectSame = async (device: TestDevice, about: string): Promise<void> => {
  const [kept, none] = [
    await copyJournal(device.journal, { withChecked: true }),
    await copyJournal(device.journal, { withChecked: false }),
  ]
  const [fromKept, fromNone] = [await startOn(device, kept), await startOn(device, none)]
  expect(fromKept, about).toEqual(fromNone)
  expect((await rowsOf(kept, 'facts')).length, about).toBe((await rowsOf(none, 'facts')).length)
  expect((await rowsOf(kept, 'intents')).length, about).toBe((await rowsOf(none, 'intents')).length)
  expect((await rowsOf(kept, 'pending')).length, about).toBe((await rowsOf(none, 'pending')).length)
}

test('[CK1] after any history with crashes, and with checked documents that are lost, old or damaged, a start gives the same as without them', async () => {
  let used = 0
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    const old = new Map<string, JournalWrite[]>()
    const disturb = async ({ journal, name }: TestDevice, below: (limit: number) => number): Promise<void> => {
      const rows = await rowsOf(journal, 'checked')
      const kind = below(4)
      if (kind === 0) await removeChecked(journal)
      if (kind === 1) await writeRows(journal, old.get(name) ?? [])
      const row = rows[below(Math.max(1, rows.length))]
      if (kind === 2 && row !== undefined) journal.damage(row.table, row.scope, row.key)
      old.set(name, rows)
    }
    const { devices, entries, added, removed, statuses } = await playRandomHistory(seed, 60, async (device, below) => {
      if (below(2) === 0) await device.crash(below(4))
      else await device.restart(() => disturb(device, below))
      used += (await rowsOf(device.journal, 'checked')).length
      await expectSame(device, `seed ${seed}`)
    })
    for (const device of devices) {
      await device.restart()
      await expectSame(device, `seed ${seed}, the end`)
    }
    for (const status of statuses) expect(status, `seed ${seed}`).toMatchObject({ kind: 'open', pending: 0 })
    for (const other of entries) expect(other, `seed ${seed}`).toEqual(entries[0])
    for (const entry of added)
      expect(entries[0]!.includes(entry) || removed.has(entry), `seed ${seed}: ${entry}`).toBe(true)
  }
  expect(used).toBeGreaterThan(0)
})

/** Ann with a playlist of these entries, all in the log. */
const createList = async (entries: readonly string[]) => {
  const world = await createWorld()
  const ann = await world.createAccount('ann')
  const list = await world.createShared(ann, [])
  for (const entry of entries) await ann.add(list, entry)
  await world.settle()
  return { world, ann, list }
}

/** Takes the bodies of all envelopes out of the journal: what is shown after that was not judged again. */
const removeBodies = async (journal: MemoryJournal): Promise<void> => {
  const bodiless = (await rowsOf(journal, 'items')).map(async (write) => {
    const item = write.kind === 'put' ? await readItem(write.value) : undefined
    return item?.kind === 'envelope' ? { ...write, value: writeItem({ ...item, body: undefined }) } : write
  })
  await writeRows(journal, await Promise.all(bodiless))
}

test('[CK1] [CK2] [CK4] what was checked is not judged again at the next start, and what comes later builds on it', async () => {
  const { world, ann, list } = await createList(['a', 'b', 'c'])
  await ann.restart(() => removeBodies(ann.journal))
  expect(ann.entries(list)).toEqual(['a', 'b', 'c'])
  ann.goOnline()
  await ann.add(list, 'd', 'a')
  await world.settle()
  await ann.crash()
  expect(ann.entries(list)).toEqual(['a', 'd', 'b', 'c'])
  ann.goOnline()
  await ann.remove(list, 'b')
  await world.settle()
  expect(ann.entries(list)).toEqual(['a', 'd', 'c'])
})

test('[CK1] [CK4] when the log is cut by a new home, what is pending again comes out of the checked documents', async () => {
  const world = await createWorld()
  const ann = await world.createAccount('ann')
  const ben = await world.createAccount('ben')
  const list = await world.createShared(ann, [[ben, 'editor']])
  await ann.add(list, 'x')
  await world.settle()
  ann.goOffline()
  for (const entry of ['y', 'z']) await ben.add(list, entry)
  await world.settle()
  const next = await world.moveTo(ann, list)
  await ben.restart()
  await world.goTo(ann, list, next)
  await ann.add(list, 'w')
  await world.settle()
  await world.goTo(ben, list, next)
  for (const device of [ann, ben]) {
    expect(device.entries(list).toSorted()).toEqual(['w', 'x', 'y', 'z'])
    await device.restart()
    expect(device.entries(list).toSorted()).toEqual(['w', 'x', 'y', 'z'])
    await expectSame(device, device.name)
  }
})

test('[CK1] checked documents that do not belong to the log, or lack one, are not used', async () => {
  const { ann, list } = await createList(['a', 'b', 'c'])
  await ann.restart()
  const without = async (change: (row: JournalWrite) => JournalWrite): Promise<readonly string[]> => {
    const copy = await copyJournal(ann.journal, { withChecked: true })
    await removeBodies(copy)
    await writeRows(copy, (await rowsOf(copy, 'checked')).map(change))
    return (await ann.openCopy(copy)).collections().includes(list) ? entriesIn(await ann.openCopy(copy), list) : []
  }
  const remove = (row: JournalWrite): JournalWrite => ({ ...row, kind: 'delete' })
  const isDocument = ({ key }: JournalWrite): boolean => key !== logRowKey
  const rewrite = (change: (row: LogRow) => LogRow) => (row: JournalWrite) =>
    row.kind === 'put' && !isDocument(row) ? { ...row, value: writeLogRow(change(readLogRow(row.value)!)) } : row
  expect(await without((row) => row)).toEqual(['a', 'b', 'c'])
  expect(await without((row) => (isDocument(row) ? remove(row) : row))).toEqual([])
  expect(await without((row) => (isDocument(row) ? row : remove(row)))).toEqual([])
  expect(await without(rewrite((row) => ({ ...row, seq: row.seq - 1 })))).toEqual([])
  expect(await without(rewrite((row) => ({ ...row, seq: row.seq + 9 })))).toEqual([])
  expect(await without(rewrite((row) => ({ ...row, voids: [row.seq] })))).toEqual([])
  expect(await without(rewrite((row) => ({ ...row, documents: [] })))).toEqual([])
})

test('[CK2] nothing is written while an envelope has no place', async () => {
  const { world, ann, list } = await createList(['a'])
  await ann.restart()
  const before = await rowsOf(ann.journal, 'checked')
  await ann.add(list, 'b')
  await ann.restart()
  expect(await rowsOf(ann.journal, 'checked')).toEqual(before)
  expect(ann.entries(list)).toEqual(['a', 'b'])
  ann.goOnline()
  await world.settle()
  await ann.restart()
  expect(await rowsOf(ann.journal, 'checked')).not.toEqual(before)
})

test('[CK3] they are written when enough has come and then nothing for a while, and at the end', async () => {
  const { world, ann, list } = await createList([])
  const few = [...'abcdefghij']
  for (const entry of few) await ann.add(list, entry)
  await world.settle()
  await ann.clock.advance(60_000)
  expect(await rowsOf(ann.journal, 'checked')).toEqual([])
  for (const end of few) for (const entry of [...'abcd']) await ann.add(list, `${entry}${end}`)
  await world.settle()
  await ann.clock.advance(10_000)
  for (const entry of few) await ann.add(list, `${entry}last`)
  await world.settle()
  await ann.clock.advance(11_000)
  await ann.replica.idle()
  expect(await rowsOf(ann.journal, 'checked')).toEqual([])
  await ann.clock.advance(20_000)
  await ann.replica.idle()
  expect((await rowsOf(ann.journal, 'checked')).length).toBeGreaterThan(1)
})
