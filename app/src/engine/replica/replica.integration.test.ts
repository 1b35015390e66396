import { describe, expect, test } from 'vitest'
import { createWorld } from './replica-world.testkit.ts'

describe('replica', () => {
  test('[RP1] an edit reaches the other devices of an account and the members of a shared collection', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ann2 = await world.addDevice(ann, 'ann2')
    const ben = await world.createAccount('ben')
    const list = await world.createShared(ann, [[ben, 'editor']])
    await ann2.replica.follow(list)
    await world.settle()
    expect(await ann.add(list, 'x')).toEqual({ kind: 'kept' })
    expect(await ben.add(list, 'y')).toEqual({ kind: 'kept' })
    await world.settle()
    for (const device of [ann, ann2, ben]) {
      expect(device.entries(list).toSorted(), device.name).toEqual(['x', 'y'])
      expect(device.replica.status(list)).toMatchObject({ kind: 'open', pending: 0, waiting: 0, isKeyMissing: false })
    }
    expect(ann.entries(list)).toEqual(ben.entries(list))
  })
})
