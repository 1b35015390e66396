import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import { accountIdOf, deviceIdOf, signDeviceLogEntry } from '@tonestead/protocol/device-log'
import { invitationKeys, type InvitationKeys } from '@tonestead/protocol/sync/keys/invitation-link'
import { hashOf } from '@tonestead/protocol/sync/sync-hash'
import { createReplica } from '../../../app/src/engine/replica/create-replica.ts'
import type { Goal, ReplicaDependencies, ReplicaDevice } from '../../../app/src/engine/replica/replica.ts'
import type { SnapshotRules } from '../../../app/src/engine/replica/snapshots/snapshot-rules.ts'
import { createMemoryJournal, type MemoryJournal } from '../../../app/src/platform/browser-storage/memory-journal.ts'
import { createSeededRandom } from '../../../app/src/platform/system/seeded-random.ts'
import { closeCodes, type Link } from '../../../sync-server/src/ports/link.ts'
import type { SyncLink } from '../../../app/src/ports/sync-link.ts'
import { simulationCompression } from './simulation-compression.ts'
import { createWire, type Wire } from './channel.ts'
import type { RelayHost } from './relay-host.ts'
import type { SimulatedDevice, World } from './model.ts'

// A device: a real replica over a journal that loses its tail in a crash, and its connections.

/** Histories are short, so snapshots pay early. */
const simulationSnapshotRules: SnapshotRules = { envelopes: 4, bytes: 1_000_000, delayMs: 400, retryMs: 3000 }

/** Keys that follow from a name. */
export const keysOf = (subtle: SubtleCrypto, name: string): Promise<InvitationKeys> =>
  invitationKeys({ subtle }, hashOf(utf8(name)))

const numberOf = (text: string): number =>
  [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7)

type Options = {
  readonly name: string
  readonly accountName: string
  readonly isHostile: boolean
  readonly seed: number
}

export const createSimulatedDevice = async (
  world: World,
  { name, accountName, isHostile, seed }: Options,
): Promise<SimulatedDevice> => {
  const { subtle, schedule, choices } = world
  const keys = await keysOf(subtle, `device ${name}`)
  const root = (await keysOf(subtle, `root ${accountName}`)).proof
  const account = await accountIdOf(subtle, root.publicKey)
  const device = await deviceIdOf(subtle, keys.proof.publicKey)
  const identity: ReplicaDevice = { account, device, name, signing: keys.proof, sealing: keys.sealing }
  const journal = createMemoryJournal()
  const skewMs = (choices.roll() - 0.5) * 480_000
  let starts = 0
  const dependencies = (used: MemoryJournal): ReplicaDependencies => ({
    subtle,
    random: createSeededRandom(numberOf(`${seed} ${name} ${(starts += 1)}`)),
    clock: schedule.clockOf(skewMs),
    journal: used,
    log: world.logOf(name),
    device: identity,
    rulesOf: world.rulesOf,
    compression: simulationCompression,
    snapshotRules: simulationSnapshotRules,
  })
  let replica = await createReplica(dependencies(journal))
  let [isOnline, process] = [false, choices.below(2)]
  const wires = new Map<RelayHost, { wire: Wire; send: (frame: Bytes) => void }>()
  const pursue = (goal: Goal): void => {
    const signal = new AbortController().signal
    replica.pursue(goal, signal).then(
      (outcome) => self.outcomes.set(goal, outcome),
      (cause: unknown) => self.outcomes.set(goal, String(cause)),
    )
  }
  const reconnectLater = (host: RelayHost): void =>
    schedule.in(world.network.isFast ? 50 : 200 + choices.roll() * 1300, () => {
      if (isOnline && !wires.has(host)) connect(host)
    })
  const connect = (home: RelayHost): void => {
    if (!isOnline || wires.has(home)) return
    const host = self.shownHost(home)
    const relay = host.process(process)
    if (relay === undefined) return reconnectLater(home)
    const wire = createWire(world.network, () => {
      wires.delete(home)
      connection.closed()
      read.closed()
      reconnectLater(home)
    })
    const link: Link = {
      peer: name,
      send: (frame) => {
        world.noteReceipt(frame)
        if (!self.isWithheld(frame)) wire.toClient.send(() => read.receive(frame))
      },
      queuedBytes: () => 0,
      drainedTo: () => Promise.resolve(),
      pause: () => undefined,
      resume: () => undefined,
      // After the frames that were sent before.
      close: (reason) => {
        world.count(`closed ${closeCodes[reason]}`)
        wire.toClient.send(wire.close)
      },
    }
    const client: SyncLink = {
      kind: 'relay',
      key: home.key,
      credentials: { deviceLog: [self.deviceLogEntry] },
      send: (frame) => wire.toServer.send(() => connection.receive(frame)),
      close: wire.close,
    }
    wires.set(home, { wire, send: client.send })
    const connection = relay.connect(link)
    const read = replica.openLink(client)
    world.wires.add({ host, wire })
  }
  const goOffline = (): void => {
    isOnline = false
    for (const { wire } of [...wires.values()]) wire.close()
  }
  const closeLinks = (): void => {
    for (const link of [...self.links]) link.close()
  }
  const self: SimulatedDevice = {
    name,
    accountName,
    account,
    device,
    identity,
    rootKey: root.privateKey,
    deviceLogEntry: await signDeviceLogEntry(root.privateKey, {
      v: 1,
      kind: 'account-created',
      rootKey: root.publicKey,
      device: { signingKey: keys.proof.publicKey, agreementKey: keys.sealing.publicKey, name },
      at: 0,
    }),
    isHostile,
    journal,
    dependencies,
    replica: () => replica,
    isOnline: () => isOnline,
    goOnline: () => {
      isOnline = true
      for (const host of self.hosts) connect(host)
    },
    goOffline,
    changeProcess: () => {
      process = 1 - process
    },
    crash: async () => {
      const wasOnline = isOnline
      goOffline()
      closeLinks()
      const kept = choices.below(journal.tail() + 1)
      if (kept < journal.tail()) world.count('tails of journals lost')
      journal.crash(kept)
      await replica.close()
      replica = await createReplica(dependencies(journal))
      // The replica does not keep where a collection may have moved to: who starts it tells it again.
      if (world.rehomed.size > 0)
        for (const id of replica.collections()) await replica.follow(id, world.hosts.at(-1)!.key)
      if (wasOnline) self.goOnline()
    },
    startAnew: async () => {
      goOffline()
      closeLinks()
      const followed = replica.collections()
      await replica.close()
      replica = await createReplica(dependencies(createMemoryJournal()))
      for (const id of followed) await replica.follow(id, world.rehomed.has(id) ? world.hosts.at(-1)!.key : undefined)
      self.goOnline()
    },
    sendToRelays: (frame) => {
      for (const { send } of wires.values()) send(frame)
    },
    links: new Set(),
    pursue,
    outcomes: new Map(),
    secrets: [],
    hosts: new Set(),
    isWithheld: () => false,
    shownHost: (host) => host,
  }
  return self
}
