import '@automerge/automerge'
import type { Bytes } from '@tonestead/protocol/bytes'
import { readRelayFrame, relayFrameCodes } from '@tonestead/protocol/sync/frame'
import { personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import type { Role } from '@tonestead/protocol/sync/membership'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { createDomainRules } from '../../../app/src/engine/replica/documents/domain-rules.ts'
import type { Log } from '../../../app/src/ports/log.ts'
import type { Network } from './channel.ts'
import { createSeededChoices } from './seeded-choices.ts'
import { createRelayHost, relayKeysOf } from './relay-host.ts'
import { createSchedule, firstInstant } from './schedule.ts'
import { createSimulatedDevice, keysOf } from './simulated-device.ts'
import { Violation } from '../checks/violation.ts'
import type { SimulatedDevice, World } from './model.ts'

const createWorld = async (seed: number, subtle: SubtleCrypto): Promise<World> => {
  const [schedule, choices] = [createSchedule(), createSeededChoices(seed * 7919 + 17)]
  const counts = new Map<string, number>()
  const faults: string[] = []
  const count = (what: string, by = 1): void => void counts.set(what, (counts.get(what) ?? 0) + by)
  const network: Network = { schedule, choices, isFast: true }
  const onFault = (fault: unknown): void => {
    // A process whose disk has crashed under it fails; its connections are closed.
    if (String(fault).includes('crashed')) return
    faults.push(`relay: ${textOf(fault)}`)
  }
  const keys = await relayKeysOf(subtle, createSeededChoices(1).bytes(32))
  const host = createRelayHost({ schedule, choices, subtle, network, onFault }, { keys })
  await host.start()
  return {
    seed,
    subtle,
    schedule,
    choices,
    network,
    rulesOf: createDomainRules(),
    devices: new Map(),
    hosts: [host],
    wires: new Set(),
    peerWires: new WeakMap(),
    collections: [],
    counts,
    count,
    edits: [],
    removed: new Set(),
    hostileEntries: new Set(),
    // What breaks in a device that itself breaks the rules is its own affair.
    logOf: (device) => logFor(device, hostileNames.has(device) ? [] : faults, count),
    faults,
    lies: new Map(),
    rehomed: new Set(),
    liars: [],
    forbidden: new Map(),
    setUpLengths: new Map(),
    snapshots: new Map(),
    ...receiptNotes(),
  }
}

/** Frames of a relay that carry a receipt. */
const receiptCodes = new Set(['items', 'receipt', 'head'].map((kind) => relayFrameCodes.get(kind)))

const receiptNotes = (): Pick<World, 'receipts' | 'contradictions' | 'noteReceipt'> => {
  const receipts: World['receipts'] = new Map()
  const contradictions: string[] = []
  const noteReceipt = (frame: Bytes): void => {
    if (!receiptCodes.has(frame[0])) return
    const message = readRelayFrame(frame)?.message
    if (message === undefined || !('receipt' in message) || message.receipt === undefined) return
    const { collection, generation, seq, chain } = message.receipt
    const key = `${collection} ${generation} ${seq}`
    const before = receipts.get(key)
    if (before !== undefined && before.chain !== chain) contradictions.push(key)
    receipts.set(key, { collection, seq, chain })
  }
  return { receipts, contradictions, noteReceipt }
}

export const textOf = (fault: unknown): string =>
  fault instanceof Error
    ? `${fault.stack ?? fault.message}${fault.cause === undefined ? '' : ` ← ${textOf(fault.cause)}`}`
    : String(fault)

/** Failures of tasks break I7; what is only said is counted. */
const logFor = (device: string, faults: string[], count: World['count']): Log => {
  const noted = (message: string): void => count(`log: ${message}`)
  const log: Log = {
    debug: () => undefined,
    info: noted,
    warn: noted,
    error: (message) => {
      noted(message)
      if (message === 'an own change breaks the rules of its document') faults.push(`${device}: ${message}`)
    },
    failed: (message) => (cause) => {
      faults.push(`${device}: ${message}: ${textOf(cause)}`)
      return undefined
    },
    child: () => log,
  }
  return log
}

/** Device, account, is it dishonest? X is an editor, V a viewer, S a stranger, J comes later. */
const deviceList = [
  ['o1', 'O', false],
  ['o2', 'O', false],
  ['a1', 'A', false],
  ['a2', 'A', false],
  ['b1', 'B', false],
  ['c1', 'C', false],
  ['c2', 'C', false],
  ['x1', 'X', true],
  ['v1', 'V', true],
  ['s1', 'S', true],
  ['j1', 'J', false],
  ['j2', 'J', false],
] as const

const hostileNames: ReadonlySet<string> = new Set(
  deviceList.filter(([, , isHostile]) => isHostile).map(([name]) => name),
)

export const documentNames = ['playlist/p', 'playlist/q'] as const
export const farFuture = firstInstant + 1_000_000_000

export const deviceOf = (world: World, name: string): SimulatedDevice => {
  const device = world.devices.get(name)
  if (device === undefined) throw new Error(`no device ${name}`)
  return device
}
export const honestDevices = ({ devices }: World): SimulatedDevice[] =>
  [...devices.values()].filter(({ isHostile }) => !isHostile)
export const collectionOf = ({ collections }: World, name: string): CollectionId => {
  const found = collections.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no collection ${name}`)
  return found.id
}

/** Accounts with their devices, two shared collections with members of all roles, everything read by everyone. */
export const setUpWorld = async (seed: number, subtle: SubtleCrypto): Promise<World> => {
  const world = await createWorld(seed, subtle)
  for (const [name, accountName, isHostile] of deviceList) {
    const device = await createSimulatedDevice(world, { name, accountName, isHostile, seed })
    world.devices.set(name, device)
    device.hosts.add(world.hosts[0]!)
    const isFirst = name.endsWith('1')
    if (isFirst) await beginAccount(world, device)
    else if (name !== 'j2') await addDevice(world, deviceOf(world, `${name.slice(0, -1)}1`), device)
  }
  await share(
    world,
    ['S1', 'o1'],
    [
      ['a1', 'editor'],
      ['b1', 'owner'],
      ['c1', 'editor'],
      ['x1', 'editor'],
      ['v1', 'viewer'],
    ],
  )
  await share(
    world,
    ['S2', 'a1'],
    [
      ['o1', 'editor'],
      ['c1', 'editor'],
      ['x1', 'editor'],
    ],
  )
  for (const device of world.devices.values())
    for (const { id } of world.collections) await followIfMember(world, device, id)
  await world.schedule.run(300)
  for (const { id } of world.collections) world.setUpLengths.set(id, (await world.hosts[0]!.items(id)).length)
  world.network.isFast = false
  world.counts.clear()
  return world
}

const beginAccount = async (world: World, device: SimulatedDevice): Promise<void> => {
  device.goOnline()
  const recovery = (await keysOf(world.subtle, `recovery ${device.accountName}`)).sealing.publicKey
  const { home } = world.hosts[0]!
  const { deviceLogEntry } = device
  const id = await device.replica().createPersonal({ deviceLogEntry, recoveryKey: recovery, home })
  world.collections.push({ id, name: `P:${device.accountName}` })
  await world.schedule.run(60)
}

const addDevice = async (world: World, by: SimulatedDevice, device: SimulatedDevice): Promise<void> => {
  const collection = personalCollectionId(by.account)
  const { signing, sealing } = device.identity
  const keys = { signingKey: signing.publicKey, sealingKey: sealing.publicKey }
  by.pursue({ kind: 'add-device', collection, device: device.device, name: device.name, ...keys })
  await device.replica().follow(collection)
  await world.schedule.run(60)
  device.goOnline()
  await world.schedule.run(60)
}

const share = async (
  world: World,
  [name, ownerName]: readonly [name: string, owner: string],
  members: readonly (readonly [string, Role])[],
): Promise<void> => {
  const owner = deviceOf(world, ownerName)
  const id = await owner.replica().createShared(world.hosts[0]!.home)
  if (id === undefined) throw new Violation('setup', 'the personal collection is not there')
  world.collections.push({ id, name })
  await world.schedule.run(60)
  for (const [memberName, role] of members) {
    const member = deviceOf(world, memberName)
    const secret = world.choices.bytes(32)
    const invited = role === 'owner' ? 'editor' : role
    owner.pursue({ kind: 'invite', collection: id, secret, role: invited, expiresAt: farFuture })
    await world.schedule.run(60)
    member.pursue({ kind: 'redeem', collection: id, secret })
    await world.schedule.run(120)
    if (role === 'owner') owner.pursue({ kind: 'change-role', collection: id, account: member.account, role })
    await world.schedule.run(60)
    if (member.replica().status(id)?.role !== role)
      throw new Violation('setup', `${memberName} is not ${role} of ${name}: ${[...member.outcomes.values()].join()}`)
  }
}

/** The other devices of an account learn of its collections; in the product from the root document. */
const followIfMember = async (world: World, device: SimulatedDevice, id: CollectionId): Promise<void> => {
  const first = world.devices.get(`${device.name.slice(0, -1)}1`)
  if (first !== undefined && first !== device && first.replica().status(id)?.role !== undefined)
    await device.replica().follow(id)
}
