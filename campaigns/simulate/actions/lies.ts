import { readItem, writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { readRelayFrame, relayFrameCodes } from '@tonestead/protocol/sync/frame'
import { findAuthor } from '@tonestead/protocol/sync/log/rights'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { relayRules } from '../../../sync-server/src/log/relay-rules.ts'
import type { LogRules } from '../../../sync-server/src/ports/log-rules.ts'
import { forge, lookInside } from './forge-envelope.ts'
import { anyShared, closeWires, type Action } from './honest-actions.ts'
import { createRelayHost, relayKeysOf, type RelayHost } from '../world/relay-host.ts'
import { createSeededChoices } from '../world/seeded-choices.ts'
import { collectionOf, deviceOf, honestDevices } from '../world/world.ts'
import type { World } from '../world/model.ts'

// A relay that lies, once in a history: with its true key and its true programs, over a disk that was altered.

const kinds = ['withhold', 'equivocate', 'drop', 'reorder', 'accept the removed'] as const

/** Takes whatever it is given: the disk of a liar. */
const lyingRules: LogRules = { ...relayRules, check: () => ({ kind: 'ok' }) }

const lie = async (world: World): Promise<void> => {
  const [host] = world.hosts
  if (world.lies.size > 0 || world.rehomed.size > 0 || !host!.isUp()) return
  const kind = world.choices.pick(kinds)
  const collection = kind === 'accept the removed' ? collectionOf(world, 'S1') : anyShared(world)
  const victims = new Set(honestDevices(world).filter(() => world.choices.chance(0.35)))
  const done = await tell(world, { kind, collection, victims })
  if (done) {
    // Two disks from now on: their logs all go different ways.
    const concerned = kind === 'equivocate' ? world.collections.map(({ id }) => id) : [collection]
    for (const id of concerned) world.lies.set(id, kind)
    world.count(`lie: ${kind}`)
  }
}

type Lie = {
  readonly kind: (typeof kinds)[number]
  readonly collection: CollectionId
  readonly victims: ReadonlySet<ReturnType<typeof honestDevices>[number]>
}

const tell = async (world: World, { kind, collection, victims }: Lie): Promise<boolean> => {
  const host = world.hosts[0]!
  if (kind === 'withhold') {
    for (const victim of victims) victim.isWithheld = (frame) => isItemsOf(frame, collection)
    return victims.size > 0
  }
  const logs = await Promise.all(
    world.collections.map(async ({ id }) => ({ id, items: (await host.items(id)).map(({ bytes }) => bytes) })),
  )
  const altered = new Map<CollectionId, readonly Bytes[]>(logs.map(({ id, items }) => [id, items]))
  const items = altered.get(collection)!
  const changed = await alter(world, { kind, collection, items })
  if (changed === undefined) return false
  altered.set(collection, changed)
  const other = await hostWith(world, [...altered.values()])
  if (kind === 'equivocate') for (const victim of victims) victim.shownHost = () => other
  else for (const device of world.devices.values()) device.shownHost = () => other
  closeWires(world)
  world.liars.push(other)
  return kind !== 'equivocate' || victims.size > 0
}

const itemCodes = new Set(['items', 'receipt', 'head'].map((kind) => relayFrameCodes.get(kind)))
const isItemsOf = (frame: Bytes, collection: CollectionId): boolean => {
  if (!itemCodes.has(frame[0])) return false
  const message = readRelayFrame(frame)?.message
  if (message?.kind === 'items') return message.collection === collection
  return message !== undefined && 'receipt' in message && message.receipt?.collection === collection
}

/** The log as the liar will show it. Undefined when this log gives no occasion. */
const alter = async (
  world: World,
  { kind, collection, items }: { kind: Lie['kind']; collection: CollectionId; items: readonly Bytes[] },
): Promise<readonly Bytes[] | undefined> => {
  if (kind === 'equivocate') return items
  if (kind === 'accept the removed') {
    const bytes = await envelopeOfRemoved(world, collection)
    return bytes === undefined ? undefined : [...items, bytes]
  }
  const kindsOfItems = await Promise.all(items.map(async (bytes) => (await readItem(bytes))?.kind))
  const last = kindsOfItems.findLastIndex(
    (each, index) => each === 'envelope' && (kind === 'drop' || kindsOfItems[index - 1] === 'envelope'),
  )
  if (last < 5 || last < items.length - 4) return undefined
  return kind === 'drop' ? items.toSpliced(last, 1) : items.toSpliced(last - 1, 2, items[last]!, items[last - 1]!)
}

const envelopeOfRemoved = async (world: World, collection: CollectionId): Promise<Bytes | undefined> => {
  const device = deviceOf(world, 'x1')
  const inside = await lookInside(device, collection)
  const owner = await lookInside(deviceOf(world, 'o1'), collection)
  if (inside === undefined || owner === undefined || findAuthor(owner.state.log.now(), device) !== undefined)
    return undefined
  const entry = world.choices.id()
  world.hostileEntries.add(entry)
  return writeItem(await forge(world, { device, inside, entry, forgery: {} }))
}

/** The same relay, as far as its key goes, over another disk. */
const hostWith = async (world: World, logs: readonly (readonly Bytes[])[]): Promise<RelayHost> => {
  const { schedule, choices, subtle, network } = world
  const keys = await relayKeysOf(subtle, createSeededChoices(1).bytes(32))
  const host = createRelayHost(
    { schedule, choices, subtle, network, onFault: () => undefined },
    { keys, rules: lyingRules },
  )
  for (const items of logs) for (const bytes of items) await host.bringAnything(bytes)
  host.obey(relayRules)
  await host.start()
  return host
}

export const lies: readonly Action[] = [[7, lie]]
