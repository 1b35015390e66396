import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { createSeededChoices } from '../world/seeded-choices.ts'
import { closeWires, type Action } from './honest-actions.ts'
import { createRelayHost, relayKeysOf, type RelayHost } from '../world/relay-host.ts'
import { honestDevices } from '../world/world.ts'
import type { Collection, SimulatedDevice, World } from '../world/model.ts'

// A relay is lost with its disk. Owners move all collections to another one, with the log as far as one of their devices has it.

const loseRelay = async (world: World): Promise<void> => {
  const [host] = world.hosts
  if (world.hosts.length > 1 || world.lies.size > 0 || !host!.isUp()) return
  world.count('relays lost')
  const lengths = new Map<CollectionId, number>()
  for (const { id } of world.collections) lengths.set(id, (await host!.items(id)).length)
  host!.crash()
  closeWires(world)
  const next = await newHost(world)
  world.hosts.push(next)
  world.schedule.in(500 + world.choices.roll() * 2500, () => moveAll(world, next, lengths))
}

const newHost = async ({ schedule, choices, subtle, network, faults }: World): Promise<RelayHost> => {
  const keys = await relayKeysOf(subtle, createSeededChoices(2).bytes(32))
  const onFault = (fault: unknown): void => {
    if (!String(fault).includes('crashed')) faults.push(`relay: ${String(fault)}`)
  }
  return createRelayHost({ schedule, choices, subtle, network, onFault }, { keys })
}

/** Personal collections first: items of others name them. */
const moveAll = async (world: World, next: RelayHost, lengths: ReadonlyMap<CollectionId, number>): Promise<void> => {
  const ordered = [...world.collections].toSorted(
    (a, b) => Number(b.name.startsWith('P')) - Number(a.name.startsWith('P')),
  )
  for (const collection of ordered) await move(world, { next, collection, length: lengths.get(collection.id) ?? 0 })
  await next.start()
  for (const device of world.devices.values()) {
    for (const { id } of ordered)
      if (device.replica().status(id) !== undefined) await device.replica().follow(id, next.key)
    device.hosts.clear()
    device.hosts.add(next)
    if (device.isOnline()) device.goOnline()
  }
}

const move = async (
  world: World,
  { next, collection, length }: { next: RelayHost; collection: Collection; length: number },
): Promise<void> => {
  const mover = chooseMover(world, collection)
  if (mover === undefined) return
  const items = await mover.replica().rehome({ collection: collection.id, home: next.home, rootKey: mover.rootKey })
  if (items === undefined) return
  for (const bytes of items) {
    const outcome = await next.bring(bytes)
    if (outcome.kind === 'refused') world.faults.push(`re-homing of ${collection.name}: ${outcome.verdict.reason}`)
  }
  world.rehomed.add(collection.id)
  world.count('re-homings')
  if (items.length - 1 < length) world.count('re-homings with unequal tails')
}

/** An owner's device. The longest log is taken for personal collections, and for others not always: then tails are not equal. */
const chooseMover = (world: World, { id, name }: Collection): SimulatedDevice | undefined => {
  const devices = name.startsWith('P') ? [...world.devices.values()] : honestDevices(world)
  const owners = devices.filter((device) => device.replica().status(id)?.role === 'owner')
  const lengthOf = (device: SimulatedDevice): number => device.replica().status(id)?.length ?? 0
  const longest = owners.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0]
  if (longest === undefined) return undefined
  return name.startsWith('P') || world.choices.chance(0.4) ? longest : world.choices.pick(owners)
}

export const rehoming: readonly Action[] = [[1.5, loseRelay]]
