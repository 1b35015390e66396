import { expect } from 'vitest'
import { readItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { LogItem } from '@tonestead/protocol/sync/log-item'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { createRealRelayWorld, until } from '../real-relay-world.testkit.ts'
import type { TestDevice, World } from '../replica-world.testkit.ts'

// Two members of a shared collection at a real relay, where snapshots pay early.

export const snapshotRules = { envelopes: 5, bytes: 1e9, delayMs: 20, retryMs: 200 }
export const letters = [...'abcdefghijklmnopqrstuvwxyz']

export const createSnapshotWorld = async () => {
  const { world, disk, faults } = await createRealRelayWorld({ snapshotRules })
  const ann = await world.createAccount('ann')
  const ben = await world.createAccount('ben')
  for (const device of [ann, ben]) await until(world, () => device.replica.status(device.personal)!.length === 1)
  const list = await world.createShared(ann, [[ben, 'editor']])
  /** What the relay has stored. */
  const stored = async (id: CollectionId = list): Promise<readonly LogItem[]> => {
    const items = await disk.open().read({ collection: id, after: 0, most: 10_000, mostBytes: 1e9 })
    return Promise.all(items.map(async ({ bytes }) => (await readItem(bytes))!))
  }
  return { world, ann, ben, list, stored, faults, disk }
}

/** The entries, sorted. */
export const show = (device: TestDevice, list: CollectionId): string => device.entries(list).toSorted().join('')

type Writing = {
  readonly list: CollectionId
  readonly devices: readonly TestDevice[]
  readonly from: number
  readonly to: number
}

/** The devices add entries in turn, and everything gets its place. */
export const write = async (world: World, { list, devices, from, to }: Writing): Promise<void> => {
  for (let index = from; index < to; index += 1) {
    expect(await devices[index % devices.length]!.add(list, letters[index]!)).toEqual({ kind: 'kept' })
    await until(world, () => devices.every((device) => device.entries(list).length === index + 1))
    await until(world, () => devices.every((device) => device.replica.status(list)!.pending === 0))
  }
}
