import { expect, test } from 'vitest'
import { createRealRelayWorld, until, untilStep } from './real-relay-world.testkit.ts'
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

test('[RP23] of two devices that removed each other the later one brings the account back into the collections, and their epochs go on', async () => {
  const { world, faults } = await createRealRelayWorld()
  const ann = await world.createAccount('ann')
  const ben = await world.createAccount('ben')
  for (const device of [ann, ben]) await until(world, () => device.replica.status(device.personal)!.length === 1)
  const list = await world.createShared(ann, [[ben, 'owner']])
  await until(world, () => ben.replica.status(list)!.role === 'owner')
  const known = ben.replica.status(list)!.length
  const other = await world.addDevice(ann, 'ann2')
  await until(world, () => ben.replica.status(list)!.length > known)
  await other.replica.follow(list)
  other.goOnline()
  await until(world, () => other.replica.status(list)?.role === 'owner')
  const { personal } = ann
  const removal = ann.pursue({ kind: 'remove-device', collection: personal, device: other.device })
  await until(world, () => removal.outcome !== undefined && ben.replica.status(list)!.isStale)
  await ben.add(list, 'x')
  await until(world, () => ben.replica.status(list)!.waiting === 0 && ann.entries(list).join() === 'x')
  const { signing, sealing } = other.identity
  const keys = { signingKey: signing.publicKey, sealingKey: sealing.publicKey }
  const length = ann.replica.status(personal)!.length
  ann.pursue({ kind: 'add-device', collection: personal, device: other.device, name: 'ann2', ...keys })
  // Ann's first device goes before it can tell the list of the second.
  await untilStep(world, () => ann.replica.status(personal)!.length > length)
  ann.goOffline()
  other.goOnline()
  await until(world, () => other.replica.status(personal)!.length > length)
  const answer = other.pursue({ kind: 'remove-device', collection: personal, device: ann.device })
  await until(world, () => answer.outcome !== undefined)
  expect(answer.outcome).toBe('done')
  // It asks again for what it could not read.
  other.goOnline()
  await until(world, () => ben.replica.status(list)!.isStale)
  await ben.add(list, 'y')
  await until(world, () => [other, ben].every((device) => device.entries(list).join() === 'x,y'))
  await until(world, () => ben.replica.status(list)!.waiting === 0 && ben.replica.status(list)!.pending === 0)
  expect(faults).toEqual([])
})

test('[RP27] the newest place is confirmed by a relay whose link is open, and by none before', async () => {
  const { world } = await createRealRelayWorld()
  const ann = await world.createAccount('ann')
  await until(world, () => ann.replica.confirmedAt(ann.personal) !== undefined)
  ann.goOffline()
  expect(ann.replica.confirmedAt(ann.personal)).toBeUndefined()
  await ann.replica.edit({
    collection: ann.personal,
    document: 'settings',
    intent: {
      id: 'a'.repeat(26),
      operation: { kind: 'changeSettings', id: 'a'.repeat(26), values: { theme: 'dark' } },
    },
  })
  ann.goOnline()
  await until(world, () => ann.replica.confirmedAt(ann.personal) !== undefined)
  expect(ann.replica.isWritable(ann.personal, 'settings')).toBe(true)
  expect(ann.replica.isWritable(ann.personal, 'unknown')).toBe(false)
})

test('[RP28] an intent that this version cannot apply is refused or left out, and nothing else is harmed', async () => {
  const { world } = await createRealRelayWorld()
  const ann = await world.createAccount('ann')
  const edit = (name: string, operation: object) =>
    ann.replica.edit({ collection: ann.personal, document: 'settings', intent: { id: name.repeat(26), operation } })
  ann.goOffline()
  const isOffline = ann.replica.status(ann.personal)!.length === 0
  expect(await edit('b', { kind: 'changeSettings' })).toMatchObject({ kind: isOffline ? 'waiting' : 'refused' })
  await edit('c', { kind: 'changeSettings', values: { theme: 'dark' } })
  ann.goOnline()
  await until(world, () => ann.replica.confirmedAt(ann.personal) !== undefined)
  await until(world, () => ann.replica.status(ann.personal)!.pending === 0)
  expect(await edit('d', { kind: 'changeSettings' })).toMatchObject({ kind: 'refused', reason: 'not-understood' })
  expect(ann.replica.status(ann.personal)).toMatchObject({ waiting: 0 })
  expect(Object.keys((ann.replica.show(ann.personal, 'settings') as { values: object }).values)).toEqual(['theme'])
})
