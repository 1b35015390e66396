import { expect, test } from 'vitest'
import type { Replica } from '../replica.ts'
import { playRandomHistory } from '../random-histories.testkit.ts'
import { createWorld, idOf, type TestDevice } from '../replica-world.testkit.ts'
import type { MemoryJournal } from '../../../platform/browser-storage/memory-journal.ts'
import type { JournalWrite } from '../../../ports/journal.ts'
import { copyJournal, removeChecked, rowsOf, writeRows } from './checked-journal.testkit.ts'

const seeds = Number(process.env['TONESTEAD_SEEDS'] ?? 3)
const firstSeed = Number(process.env['TONESTEAD_FIRST_SEED'] ?? 1)

const shownBy = (replica: Replica): unknown =>
  replica.collections().map((id) => ({
    id,
    document: replica.show(id, 'playlist'),
    status: replica.status(id),
  }))

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

test('[RC1] after any history with crashes, and with checked documents that are lost, old or damaged, a start gives the same as without them', async () => {
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

test('[RC2] what was checked is not judged again at the next start, and what came later is', async () => {
  const world = await createWorld()
  const ann = await world.createAccount('ann')
  const list = await world.createShared(ann, [])
  for (const entry of ['a', 'b', 'c']) await ann.add(list, entry)
  await world.settle()
  await ann.restart()
  const rows = await rowsOf(ann.journal, 'items')
  // Without their bodies, only what was checked before can be shown.
  for (const { scope, key, ...row } of rows) expect({ scope, key, row }).toBeDefined()
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
