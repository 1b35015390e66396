import { load, save, type Doc } from '@automerge/automerge'
import { createHash } from 'node:crypto'
import { toHex, type Bytes } from '@tonestead/protocol/bytes'
import { readItem } from '@tonestead/protocol/sync/codec/item-codec'
import { holdsRole } from '@tonestead/protocol/sync/log/rights'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { checkKeys } from './key-invariant.ts'
import { checkNewcomers } from './newcomers.ts'
import { entriesOf, isStanding, pictureOf } from './shown-state.ts'
import type { Audit } from './oracle.ts'
import { requireThat, Violation } from './violation.ts'
import { documentNames, honestDevices } from '../world/world.ts'
import type { Judged } from './judged.ts'
import type { Collection, SimulatedDevice, World } from '../world/model.ts'

// The invariants I1 to I9 of the design, after everything has come to rest.

export type AuditLog = (subtle: SubtleCrypto, collection: CollectionId, stored: readonly Bytes[]) => Promise<Audit>

const hostOf = (world: World, id: CollectionId) =>
  world.rehomed.has(id) ? world.hosts.at(-1)! : (world.liars[0] ?? world.hosts[0]!)

/** Checks all invariants; gives what the seed's hash is made of. */
export const checkInvariants = async (world: World, auditLog: AuditLog): Promise<string> => {
  requireThat(world.faults.length === 0, 'I7', world.faults[0] ?? '')
  const devices = honestDevices(world)
  if (world.lies.size === 0) for (const device of devices) checkNoAlarm(world, device)
  const logs = new Map<CollectionId, readonly Bytes[]>()
  const judged: Judged[] = []
  for (const collection of world.collections) {
    const { id } = collection
    const items = (await hostOf(world, id).items(id)).map(({ bytes }) => bytes)
    logs.set(id, items)
    // Its relay is lost, and no owner could move it.
    if (world.hosts.length > 1 && !world.rehomed.has(id)) continue
    if (world.lies.has(id)) {
      await checkLie(world, id)
      continue
    }
    const audit = await auditLog(world.subtle, id, items)
    requireThat(audit.fault === undefined, 'I4/I5', `${collection.name} breaks a rule at ${audit.fault}`)
    const now = audit.log.now()
    const members = devices.filter((device) => isStanding(now, device) && device.replica().status(id) !== undefined)
    judged.push({ collection, audit, members })
  }
  countItems(world, judged)
  for (const each of judged) checkCollection(world, each)
  await checkKeys(world, { logs, judged })
  const picture = await pictureOfAll(world, logs)
  await checkNewcomers(world, judged)
  return picture
}

/** What became of things, by the logs. */
const countItems = (world: World, judged: readonly Judged[]): void => {
  const placed = new Set<string>()
  for (const { audit } of judged)
    for (const item of audit.items) {
      if (item.kind === 'snapshot') placed.add(item.id)
      if (item.kind === 'membership') world.count(`operation: ${item.header.operation.kind}`)
      if (item.kind === 'membership' && ['removed', 'device-removed', 'left'].includes(item.header.operation.kind))
        world.count('removals')
    }
  for (const [id, kind] of world.snapshots)
    if (kind === 'forbidden')
      world.count(placed.has(id) ? 'forbidden snapshots placed' : 'snapshots refused by the relay')
}

const checkNoAlarm = (world: World, device: SimulatedDevice): void => {
  for (const { id, name } of world.collections) {
    const alarm = device.replica().status(id)?.alarm
    requireThat(
      alarm === undefined,
      'I9',
      `false alarm at ${device.name} in ${name}: ${alarm?.kind} ${alarm?.reason ?? ''}`,
    )
  }
}

const checkCollection = (world: World, { collection, audit, members }: Judged): void => {
  const [first] = members
  if (first === undefined) return
  for (const device of members) checkMember(world, { collection, audit, device, first })
  if (!world.rehomed.has(collection.id)) checkReceipts(world, collection, audit)
  for (const document of documentNames) checkDocument(world, { collection, document, first })
  checkEdits(world, { collection, audit, first })
}

type OfMember = {
  readonly collection: Collection
  readonly audit: Audit
  readonly device: SimulatedDevice
  readonly first: SimulatedDevice
}

/** I1 and the half of I3 that a device can see itself. */
const checkMember = (world: World, { collection: { id, name }, audit, device, first }: OfMember): void => {
  const status = device.replica().status(id)!
  const where = `${device.name} in ${name}`
  requireThat(
    status.length === audit.log.length(),
    'I1',
    `${where} has ${status.length} of ${audit.log.length()} items`,
  )
  requireThat(!status.isKeyMissing, 'I1', `a key is missing at ${where}`)
  requireThat(!status.isBodyMissing, 'I1', `a body is missing at ${where}`)
  // What peers gave may hide that the relay gives nothing.
  requireThat(device.replica().confirmedAt(id) !== undefined, 'RP27', `the relay has not confirmed the log of ${where}`)
  for (const { id: fault, device: author } of status.faults)
    requireThat(!isHonestSnapshot(world, audit, { fault, author }), 'S1', `a true snapshot is called false at ${where}`)
  requireThat(status.pending === 0, 'I3', `${status.pending} envelopes are pending for ever at ${where}`)
  for (const document of documentNames)
    requireThat(
      status.waiting > 0 ||
        first.replica().status(id)!.waiting > 0 ||
        pictureOf(device.replica(), id, document) === pictureOf(first.replica(), id, document),
      'I1',
      `${where} and ${first.name} show different documents ${document}: ${difference(device, first, { id, document })}`,
    )
}

/** Devices that keep to the rules make only true snapshots. */
const isHonestSnapshot = (
  world: World,
  { items }: Audit,
  { fault, author }: { readonly fault: string; readonly author: string },
): boolean =>
  honestDevices(world).some(({ device }) => device === author) &&
  items.some(({ id, kind }) => id === fault && kind === 'snapshot')

/** What the one shows and the other does not. */
const difference = (
  a: SimulatedDevice,
  b: SimulatedDevice,
  { id, document }: { id: CollectionId; document: string },
): string => {
  const [ofA, ofB] = [entriesOf(a.replica(), id, document), entriesOf(b.replica(), id, document)]
  const only = (these: readonly string[], those: readonly string[]) => these.filter((entry) => !those.includes(entry))
  const picture = (device: SimulatedDevice) => pictureOf(device.replica(), id, document).slice(-30)
  return `only here ${only(ofA, ofB).join()}, only there ${only(ofB, ofA).join()}; ${picture(a)} and ${picture(b)}`
}

/** I2: what has a receipt is there. */
const checkReceipts = (world: World, { id, name }: Collection, { log }: Audit): void => {
  for (const { collection, seq, chain } of world.receipts.values())
    if (collection === id)
      requireThat(
        seq <= log.length() && log.chainAt(seq) === chain,
        'I2',
        `the receipt for ${seq} of ${name} is broken`,
      )
}

type OfDocument = { readonly collection: Collection; readonly document: string; readonly first: SimulatedDevice }

/** I5, and I7 for documents: they can be saved and loaded. */
const checkDocument = (world: World, { collection: { id, name }, document, first }: OfDocument): void => {
  const shown = first.replica().show(id, document) as Doc<{ entries?: object }> | undefined
  if (shown === undefined) return
  try {
    load(save(shown))
  } catch (cause) {
    throw new Violation('I7', `a saved document of ${name} does not load: ${String(cause)}`)
  }
  for (const entry of Object.keys(shown.entries ?? {}))
    requireThat(!world.forbidden.has(entry), 'I5', `${name} shows an entry of ${world.forbidden.get(entry)}`)
}

/** Has the device had the right to write without a break since the simulation began? */
const hasAlwaysWritten = ({ log }: Audit, device: SimulatedDevice, since: number): boolean => {
  for (let seq = since; seq <= log.length(); seq += 1) if (!holdsRole(log.stateAt(seq), device, 'editor')) return false
  return true
}

/** I3: every edit of a device that never lost the right counts, once. */
const checkEdits = (
  world: World,
  { collection: { id, name }, audit, first }: Pick<OfMember, 'collection' | 'audit' | 'first'>,
): void => {
  const shown = new Map(documentNames.map((document) => [document as string, entriesOf(first.replica(), id, document)]))
  const writers = new Set(
    honestDevices(world).filter((device) =>
      hasAlwaysWritten(audit, device, Math.min(world.setUpLengths.get(id) ?? 1, audit.log.length())),
    ),
  )
  for (const { kind, collection, document, entry, device, outcome } of world.edits) {
    if (kind !== 'add' || collection !== id || device.isHostile) continue
    const times = shown.get(document)?.filter((each) => each === entry).length ?? 0
    requireThat(times <= 1, 'I3', `an entry of ${device.name} is ${times} times in ${name}`)
    const isOwed = (outcome === 'kept' || outcome === 'waiting') && writers.has(device) && !world.removed.has(entry)
    requireThat(!isOwed || times === 1, 'I3', `an entry of ${device.name} is lost in ${name}`)
  }
}

/** I9: after members have exchanged heads, they have one history or an alarm. */
const checkLie = async (world: World, id: CollectionId): Promise<void> => {
  const histories: string[][] = []
  for (const device of honestDevices(world)) {
    const status = device.replica().status(id)
    if (status === undefined || status.role === undefined || status.length === 0) continue
    if (status.kind === 'frozen') {
      world.count('lies found')
      continue
    }
    const { rows } = await device.journal.read({ table: 'items', scope: id })
    histories.push((await Promise.all(rows.map(({ value }) => readItem(value)))).map((item) => item?.id ?? ''))
  }
  const length = Math.min(...histories.map((history) => history.length))
  const prefixes = new Set(histories.map((history) => history.slice(0, length).join()))
  requireThat(prefixes.size <= 1, 'I9', `two histories and no alarm after a lie: ${world.lies.get(id)}`)
}

const pictureOfAll = (world: World, logs: ReadonlyMap<CollectionId, readonly Bytes[]>): Promise<string> => {
  const hash = createHash('sha256')
  for (const [id, items] of logs) {
    hash.update(id)
    for (const item of items) hash.update(item)
    for (const device of world.devices.values())
      for (const document of documentNames) hash.update(pictureOf(device.replica(), id, document))
  }
  hash.update(JSON.stringify([[...world.counts].toSorted(), world.schedule.now(), world.schedule.events()]))
  return Promise.resolve(toHex(new Uint8Array(hash.digest())).slice(0, 16))
}
