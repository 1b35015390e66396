import { describe, expect, test } from 'vitest'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { forge } from './forge.testkit.ts'
import { createWorld, type TestDevice, type World } from './replica-world.testkit.ts'

// [L3] A relay that lies is found, named and survived.

const worldOfTwo = async () => {
  const world = await createWorld()
  const ann = await world.createAccount('ann')
  const ben = await world.createAccount('ben')
  const list = await world.createShared(ann, [[ben, 'owner']])
  await ann.add(list, 'x')
  await world.settle()
  return { world, ann, ben, list }
}

/** Shows a device another log from now on: a copy of the true one up to a place. */
const showCopy = async (world: World, device: TestDevice, { list, length }: { list: CollectionId; length: number }) => {
  const copy = await world.relay.copyOf(list, length)
  world.relay.shown.set(device.device, new Map([[list, copy]]))
  return copy
}

const lengthOf = (world: World, list: CollectionId): number => world.relay.logs.get(list)!.items.length

const isFrozen = async (device: TestDevice, list: CollectionId, kind: string): Promise<void> => {
  const status = device.replica.status(list)!
  expect(status, device.name).toMatchObject({ kind: 'frozen', alarm: { kind } })
  expect(await device.add(list, 'never')).toEqual({ kind: 'frozen' })
}

describe('a relay that lies', () => {
  test('[RP7] two histories are found when two members exchange heads, nothing local is lost, and the alarm survives a restart', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    await showCopy(world, ben, { list, length: lengthOf(world, list) })
    await ann.add(list, 'y')
    await world.settle()
    await ben.add(list, 'z')
    await world.settle()
    expect([ann.entries(list), ben.entries(list)]).toEqual([
      ['x', 'y'],
      ['x', 'z'],
    ])
    for (const device of [ann, ben]) expect(device.replica.status(list)).toMatchObject({ kind: 'open', pending: 0 })
    world.connect(ann, ben)
    await world.settle()
    for (const device of [ann, ben]) await isFrozen(device, list, 'two-chains')
    expect([ann.entries(list), ben.entries(list)]).toEqual([
      ['x', 'y'],
      ['x', 'z'],
    ])
    await ann.crash()
    await isFrozen(ann, list, 'two-chains')
    expect(ann.entries(list)).toEqual(['x', 'y'])
  })

  test('[RP7] histories of different lengths are found too', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    await showCopy(world, ben, { list, length: lengthOf(world, list) })
    for (const entry of ['p', 'q', 'r']) await ann.add(list, entry)
    await ben.add(list, 'z')
    await world.settle()
    world.connect(ben, ann)
    await world.settle()
    for (const device of [ann, ben]) await isFrozen(device, list, 'two-chains')
  })

  test('[RP7] a history that was changed afterwards is found by the device itself', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    ann.goOffline()
    const copy = await showCopy(world, ann, { list, length: lengthOf(world, list) - 1 })
    await ben.add(list, 'y')
    await world.settle()
    const other = await forge(ben, list, {})
    void other
    await world.relay.append(copy, world.relay.logs.get(list)!.items.at(-1)!, false)
    await world.relay.append(copy, world.relay.logs.get(list)!.items.at(-2)!, false)
    ann.goOnline()
    await world.settle()
    await isFrozen(ann, list, 'two-chains')
  })

  test('[RP6] an item that breaks a rule in its header freezes the collection, and what stands before it is read', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    const eve = await world.createAccount('eve')
    await world.invite(ann, eve, { collection: list, role: 'editor' })
    const late = await forge(eve, list, {})
    ann.pursue({ kind: 'remove-member', collection: list, account: eve.account })
    await world.settle()
    await ben.add(list, 'y')
    await world.settle()
    world.relay.rules.areChecked = false
    await world.relay.append(world.relay.logFor('', list), late)
    await world.relay.fanOut(list)
    await world.settle()
    for (const device of [ann, ben]) {
      await isFrozen(device, list, 'rule-broken')
      expect(device.replica.status(list)!.alarm).toMatchObject({ reason: 'no-right', seq: lengthOf(world, list) })
      expect(device.entries(list)).toEqual(['x', 'y'])
      expect(device.title(list)).toBe('')
    }
  })

  test('[RP6] an item with a wrong signature is not read: a relay answers for it, another device only loses its link', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    const good = await forge(ben, list, {})
    const signature = good.signature.slice()
    signature[10]! ^= 1
    ann.goOffline()
    world.relay.rules.areChecked = false
    await world.relay.append(world.relay.logFor('', list), { ...good, signature })
    ann.goOnline()
    await world.settle()
    await isFrozen(ann, list, 'rule-broken')
    expect(ann.title(list)).toBe('')
  })

  test('[RP8] a relay that lags behind is only asked, one that has lost items is accused', async () => {
    const { world, ann, list } = await worldOfTwo()
    await ann.add(list, 'y')
    await world.settle()
    ann.goOffline()
    const length = lengthOf(world, list)
    // A copy that lags answers the first question late, and the signed one with its true head.
    const lagging = await world.relay.copyOf(list, length - 1)
    const shown = new Map([[list, lagging]])
    world.relay.shown.set(ann.device, shown)
    ann.goOnline()
    while (!world.queue.length) await ann.replica.idle()
    for (let steps = 0; steps < 6; steps += 1) {
      await world.queue.shift()?.()
      await ann.replica.idle()
    }
    world.relay.shown.delete(ann.device)
    await world.settle()
    expect(ann.replica.status(list)).toMatchObject({ kind: 'open' })
    ann.goOffline()
    world.relay.shown.set(ann.device, shown)
    ann.goOnline()
    await world.settle()
    await isFrozen(ann, list, 'log-shortened')
    expect(ann.entries(list)).toEqual(['x', 'y'])
  })

  test('[RP6] items under a receipt of another relay are not read', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    ann.goOffline()
    await ben.add(list, 'y')
    await world.settle()
    const { createFakeRelay } = await import('./fake-relay.testkit.ts')
    const other = createFakeRelay(ben.identity.signing)
    const copy = await world.relay.copyOf(list, lengthOf(world, list))
    other.logs.set(list, copy)
    ann.goOnline(other)
    await world.settle()
    expect(ann.entries(list)).toEqual(['x'])
    expect(ann.replica.status(list)).toMatchObject({ kind: 'open' })
  })
})
