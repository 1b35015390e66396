import { expect, test } from 'vitest'
import { readItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { createRealRelayWorld, until, untilLater } from '../real-relay-world.testkit.ts'
import type { TestDevice, World } from '../replica-world.testkit.ts'

const snapshotRules = { envelopes: 5, bytes: 1e9, delayMs: 20, retryMs: 200 }
const letters = [...'abcdefghijklmnopqrstuvwxyz']

const start = async () => {
  const { world, disk, faults } = await createRealRelayWorld({ snapshotRules })
  const ann = await world.createAccount('ann')
  const ben = await world.createAccount('ben')
  for (const device of [ann, ben]) await until(world, () => device.replica.status(device.personal)!.length === 1)
  const list = await world.createShared(ann, [[ben, 'editor']])
  const stored = async (id: CollectionId = list) => {
    const items = await disk.open().read({ collection: id, after: 0, most: 10_000, mostBytes: 1e9 })
    return Promise.all(items.map(async ({ bytes }) => (await readItem(bytes))!))
  }
  return { world, ann, ben, list, stored, faults }
}

const show = (device: TestDevice, list: CollectionId) => device.entries(list).toSorted().join('')

/** Each device adds entries, one after the other, and everything gets its place. */
const write = async (
  world: World,
  { list, devices, from, to }: { list: CollectionId; devices: TestDevice[]; from: number; to: number },
) => {
  for (let index = from; index < to; index += 1) {
    expect(await devices[index % devices.length]!.add(list, letters[index]!)).toEqual({ kind: 'kept' })
    await until(world, () => devices.every((device) => device.entries(list).length === index + 1))
    await until(world, () => devices.every((device) => device.replica.status(list)!.pending === 0))
  }
}

const confirmationsIn = async (stored: () => Promise<readonly { kind: string }[]>) =>
  (await stored()).filter(({ kind }) => kind === 'confirmation').length

test('[RP32] [RP33] one member makes a snapshot, another checks and confirms it, and bodies leave journals and relay', async () => {
  const { world, ann, ben, list, stored, faults } = await start()
  let count = 0
  const look = async () => void (count = await confirmationsIn(stored))
  for (let round = 0; round < 2; round += 1) {
    await write(world, { list, devices: [ann, ben], from: round * 6, to: round * 6 + 6 })
    await untilLater(world, () => {
      void look()
      return count > round
    })
  }
  await untilLater(world, () => [ann, ben].every((device) => device.replica.status(list)!.faults.length === 0))
  const items = await stored()
  const snapshots = items.filter(({ kind }) => kind === 'snapshot')
  expect(snapshots).toHaveLength(2)
  const bodies = items.filter((item) => item.kind === 'envelope' && item.body !== undefined)
  expect(bodies).toHaveLength(6)
  expect(faults).toEqual([])
  // A newcomer has the bodies from the snapshot, and writes.
  const eve = await world.createAccount('eve')
  await until(world, () => eve.replica.status(eve.personal)!.length === 1)
  await world.invite(ann, eve, { collection: list, role: 'editor' })
  await untilLater(world, () => show(eve, list) === letters.slice(0, 12).join(''))
  expect(eve.replica.status(list)).toMatchObject({ kind: 'open', isBodyMissing: false, faults: [] })
  expect(await eve.add(list, 'z')).toEqual({ kind: 'kept' })
  await untilLater(world, () => show(ann, list) === `${letters.slice(0, 12).join('')}z`)
  for (const device of [ann, ben, eve]) {
    await device.crash()
    expect(show(device, list), device.name).toContain(letters.slice(0, 12).join(''))
    device.goOnline()
  }
  await untilLater(world, () => [ann, ben, eve].every((device) => show(device, list).endsWith('z')))
}, 60_000)
