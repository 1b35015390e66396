import { personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import type { Role } from '@tonestead/protocol/sync/membership'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { editSomething } from './edits.ts'
import { mayEdit } from '../checks/shown-state.ts'
import { linkBetween, linkPeers } from '../world/peer-links.ts'
import { collectionOf, deviceOf, farFuture, honestDevices } from '../world/world.ts'
import type { SimulatedDevice, World } from '../world/model.ts'

/** Something that may happen, and how often in comparison to the others. */
export type Action = readonly [weight: number, act: (world: World) => void | Promise<void>]

const sharedNames = ['S1', 'S2'] as const
export const anyShared = (world: World): CollectionId => collectionOf(world, world.choices.pick(sharedNames))
const all = ({ devices }: World): SimulatedDevice[] => [...devices.values()]

const editByHonest = (world: World): void => {
  const device = world.choices.pick(honestDevices(world))
  const collection = world.choices.chance(0.3) ? personalCollectionId(device.account) : anyShared(world)
  if (mayEdit(device, collection)) editSomething(world, device, collection)
}

const toggleOnline = (world: World): void => {
  const device = world.choices.pick(all(world))
  if (device.isOnline()) device.goOffline()
  else device.goOnline()
}

const toggleLink = (world: World): void => {
  const [a, b] = [world.choices.pick(all(world)), world.choices.pick(all(world))]
  const link = linkBetween(a, b)
  if (link !== undefined && world.choices.chance(0.5)) link.close()
  else linkPeers(world, a, b)
}

/** Some devices together without the relay, who edit on each other's pending envelopes. */
const makeIsland = async (world: World): Promise<void> => {
  const { choices, schedule } = world
  const island = all(world).filter(() => choices.chance(0.3))
  for (const device of island) device.goOffline()
  for (const a of island) for (const b of island) linkPeers(world, a, b)
  for (let edits = 0; edits < 4 && island.length > 0; edits += 1) {
    const [device, collection] = [choices.pick(island), anyShared(world)]
    if (mayEdit(device, collection)) editSomething(world, device, collection)
    await schedule.run(150)
  }
  world.count('islands')
}

const crashDevice = async (world: World): Promise<void> => {
  world.count('crashes of devices')
  await world.choices.pick(honestDevices(world)).crash()
}

/** Loses what was not synced; the processes are back a little later. */
const crashRelay = async (world: World): Promise<void> => {
  const host = world.hosts.at(-1)!
  if (!host.isUp() || world.lies.size > 0) return
  world.count('crashes of relays')
  host.crash()
  closeWires(world)
  world.schedule.in(50 + world.choices.roll() * 1500, async () => {
    if (host === world.hosts.at(-1) && !host.isUp()) await host.start()
  })
}

export const closeWires = (world: World): void => {
  for (const each of [...world.wires]) {
    each.wire.close()
    world.wires.delete(each)
  }
}

const changeProcess = (world: World): void => {
  const device = world.choices.pick(all(world))
  device.changeProcess()
  device.goOffline()
  device.goOnline()
}

const accountOf = (world: World, name: string) => deviceOf(world, `${name.toLowerCase()}1`).account

const remove = (world: World): void => {
  const inS1 = world.choices.chance(0.7)
  const by = deviceOf(world, inS1 ? world.choices.pick(['o1', 'o2', 'b1']) : 'a1')
  const target = world.choices.pick(inS1 ? ['X', 'X', 'C', 'V', 'B', 'A', 'J'] : ['X', 'C', 'O'])
  const collection = collectionOf(world, inS1 ? 'S1' : 'S2')
  by.pursue({ kind: 'remove-member', collection, account: accountOf(world, target) })
}

/** Three owners at once: all but one begin again on another base. */
const race = (world: World): void => {
  const collection = collectionOf(world, 'S1')
  deviceOf(world, 'o1').pursue({ kind: 'remove-member', collection, account: accountOf(world, 'X') })
  deviceOf(world, 'b1').pursue({ kind: 'remove-member', collection, account: accountOf(world, 'C') })
  deviceOf(world, 'o2').pursue({ kind: 'change-role', collection, account: accountOf(world, 'A'), role: 'viewer' })
}

const changeRole = (world: World): void => {
  const collection = collectionOf(world, 'S1')
  const role: Role = world.choices.pick(['viewer', 'editor', 'editor', 'owner'] as const)
  const account = accountOf(world, world.choices.pick(['A', 'C', 'B', 'J']))
  deviceOf(world, world.choices.pick(['o1', 'b1'])).pursue({ kind: 'change-role', collection, account, role })
}

const leave = (world: World): void =>
  deviceOf(world, world.choices.pick(['c1', 'a2', 'b1', 'j1'])).pursue({
    kind: 'leave',
    collection: collectionOf(world, 'S1'),
  })

const removeDevice = (world: World): void => {
  const [by, target] = world.choices.pick([
    ['o1', 'o2'],
    ['a1', 'a2'],
    ['c1', 'c2'],
    ['a2', 'a1'],
    ['o2', 'o1'],
  ] as const)
  const device = deviceOf(world, by)
  const collection = personalCollectionId(device.account)
  device.pursue({ kind: 'remove-device', collection, device: deviceOf(world, target).device })
}

/** Also one that was removed comes back. */
const addDevice = async (world: World): Promise<void> => {
  const [by, target] = world.choices.pick([
    ['j1', 'j2'],
    ['j1', 'j2'],
    ['o1', 'o2'],
    ['a1', 'a2'],
    ['c1', 'c2'],
  ] as const)
  const [device, added] = [deviceOf(world, by), deviceOf(world, target)]
  const collection = personalCollectionId(device.account)
  const { signing, sealing } = added.identity
  const keys = { signingKey: signing.publicKey, sealingKey: sealing.publicKey }
  device.pursue({ kind: 'add-device', collection, device: added.device, name: added.name, ...keys })
  for (const { id, name } of world.collections)
    if (name === `P:${added.accountName}` || name.startsWith('S')) await added.replica().follow(id)
  added.goOnline()
}

const invite = (world: World): void => {
  const secret = world.choices.bytes(32)
  const role = world.choices.pick(['editor', 'editor', 'viewer'] as const)
  const expiresAt = world.choices.chance(0.8)
    ? farFuture
    : Math.floor(farFuture - 1_000_000_000 + world.schedule.now() + 4000)
  const collection = collectionOf(world, 'S1')
  deviceOf(world, world.choices.pick(['o1', 'b1'])).pursue({ kind: 'invite', collection, secret, role, expiresAt })
  for (const name of ['j1', 'c1', 'b1', 'a1']) if (world.choices.chance(0.6)) deviceOf(world, name).secrets.push(secret)
}

const redeem = (world: World): void => {
  const device = deviceOf(world, world.choices.pick(['j1', 'j1', 'c1', 'b1', 'a1']))
  const collection = collectionOf(world, 'S1')
  if (device.secrets.length > 0)
    device.pursue({ kind: 'redeem', collection, secret: world.choices.pick(device.secrets) })
}

const beginEpoch = (world: World): void =>
  world.choices.pick(honestDevices(world)).pursue({ kind: 'begin-epoch', collection: anyShared(world) })

export const honestActions: readonly Action[] = [
  [34, editByHonest],
  [6, (world) => editBy(world, deviceOf(world, 'x1'))],
  [12, toggleOnline],
  [10, toggleLink],
  [4, makeIsland],
  [5, crashDevice],
  [3, crashRelay],
  [2, changeProcess],
  [4, remove],
  [1, race],
  [2, changeRole],
  [1.2, leave],
  [1, beginEpoch],
  [2, removeDevice],
  [2, addDevice],
  [2, invite],
  [4, redeem],
]

const editBy = (world: World, device: SimulatedDevice): void => {
  const collection = anyShared(world)
  if (mayEdit(device, collection)) editSomething(world, device, collection)
}
