import { expect, test } from 'vitest'
import { createRealRelayWorld, until } from './real-relay-world.testkit.ts'
import type { TestDevice } from './replica-world.testkit.ts'

test('[RP1] replicas at a real relay create, invite, redeem, edit, remove a member and begin a new epoch', async () => {
  const { world, faults } = await createRealRelayWorld()
  const ann = await world.createAccount('ann')
  const ben = await world.createAccount('ben')
  for (const device of [ann, ben]) await until(world, () => device.replica.status(device.personal)!.length === 1)
  const list = await world.createShared(ann, [[ben, 'editor']])
  await ann.add(list, 'x')
  await ben.add(list, 'y')
  const show = (device: TestDevice) => device.entries(list).toSorted().join()
  await until(world, () => show(ann) === 'x,y' && show(ben) === 'x,y')
  await until(world, () => [ann, ben].every((device) => device.replica.status(list)!.pending === 0))
  const left = ben.pursue({ kind: 'leave', collection: list })
  await until(world, () => left.outcome !== undefined && ann.replica.status(list)!.isStale)
  expect(left.outcome).toBe('done')
  expect(await ann.add(list, 'z')).toEqual({ kind: 'waiting' })
  await until(world, () => ann.replica.status(list)!.waiting === 0 && ann.replica.status(list)!.pending === 0)
  expect(show(ann)).toBe('x,y,z')
  expect(show(ben)).toBe('x,y')
  await ann.crash()
  ann.goOnline()
  await until(world, () => show(ann) === 'x,y,z')
  expect(ann.replica.status(list)).toMatchObject({ kind: 'open' })
  expect(faults).toEqual([])
})
