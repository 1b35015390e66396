import '@automerge/automerge'
import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import { accountIdOf, deviceIdOf, signDeviceLogEntry } from '@tonestead/protocol/device-log'
import { hashOf } from '@tonestead/protocol/sync/sync-hash'
import { invitationKeys, type InvitationKeys } from '@tonestead/protocol/sync/keys/invitation-link'
import { personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import { readItem, writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { Envelope } from '@tonestead/protocol/sync/envelope'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import type { Role } from '@tonestead/protocol/sync/membership'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { textOf } from '@tonestead/crdt/documents/document-text'
import { shownIds, type AnySlots } from '@tonestead/crdt/slots/slot-list'
import { createMemoryJournal, type MemoryJournal } from '../../platform/browser-storage/memory-journal.ts'
import { createManualClock, type ManualClock } from '../../platform/system/manual-clock.ts'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { silentLog } from '../../platform/system/silent-log.ts'
import { streamCompression } from '../../platform/system/stream-compression.ts'
import type { Journal } from '../../ports/journal.ts'
import type { Log } from '../../ports/log.ts'
import { createReplica } from './create-replica.ts'
import { createDomainRules } from './documents/domain-rules.ts'
import { defaultSnapshotRules, type SnapshotRules } from './snapshots/snapshot-rules.ts'
import { createFakeRelay, type FakeRelay } from './fake-relay.testkit.ts'
import type { EditOutcome, Goal, Replica, ReplicaDevice } from './replica.ts'

// Several replicas, a relay and direct links in one process. Messages lie in a queue until `settle` delivers them, so a test decides what arrives.

const { subtle } = globalThis.crypto
const rulesOf = createDomainRules()
const never = new AbortController().signal

/** Keys that follow from a name. */
const keysOf = (name: string): Promise<InvitationKeys> => invitationKeys({ subtle }, hashOf(utf8(name)))

export type TestDevice = {
  readonly name: string
  readonly account: AccountId
  readonly device: DeviceId
  /** Its personal collection. */
  readonly personal: CollectionId
  readonly identity: ReplicaDevice
  readonly journal: MemoryJournal
  readonly clock: ManualClock
  readonly deviceLogEntry: string | undefined
  replica: Replica
  /** Ends the process: transactions since the last strict one are lost, but the first `kept`. */
  readonly crash: (kept?: number) => Promise<void>
  /** Ends the process in an orderly way. `between`: what happens to the journal before the next start. */
  readonly restart: (between?: () => Promise<void>) => Promise<void>
  /** Another replica with the keys of the device; equal journals give the same. */
  readonly openCopy: (journal: Journal) => Promise<Replica>
  readonly goOnline: (relay?: FakeRelay) => void
  readonly goOffline: () => void
  /** Sends a frame of our own making to the relay. */
  readonly sendToRelay: (frame: Bytes) => void
  /** Adds an entry to the playlist, and gives its outcome. */
  readonly add: (collection: CollectionId, entry: string, after?: string) => Promise<EditOutcome>
  readonly edit: (collection: CollectionId, operation: object, id?: string) => Promise<EditOutcome>
  readonly remove: (collection: CollectionId, entry: string) => Promise<EditOutcome>
  readonly move: (collection: CollectionId, entry: string, after?: string) => Promise<EditOutcome>
  readonly rename: (collection: CollectionId, title: string) => Promise<EditOutcome>
  /** The shown entries, by the names that the test gave them. */
  readonly entries: (collection: CollectionId) => readonly string[]
  readonly title: (collection: CollectionId) => string
  readonly pursue: (goal: Goal) => { outcome: string | undefined }
}

const base32 = 'abcdefghijklmnopqrstuvwxyz'
/** An id of 26 characters for a name of lowercase letters, and back. */
export const idOf = (name: string): string => `${name}7`.padEnd(25, '2') + 'a'
const nameOf = (id: string): string => id.slice(0, id.indexOf('7'))

export type World = Awaited<ReturnType<typeof createWorld>>

/** `other`: a relay in place of the fake one. */
export const createWorld = async (
  other?: Pick<FakeRelay, 'key' | 'connect'>,
  options: { readonly snapshotRules?: SnapshotRules; readonly log?: Log } = {},
) => {
  const relayKeys = await keysOf('relay')
  const relay = (other ?? createFakeRelay(relayKeys.proof)) as FakeRelay
  const queue: (() => Promise<void> | void)[] = []
  const devices = new Map<string, TestDevice>()
  let counter = 0
  const intentId = (): string => {
    counter += 1
    const letters = [...String(counter)].map((digit) => base32[Number(digit)]).join('')
    return idOf(`i${letters}`)
  }

  /** Waits until a real relay has answered nothing for some rounds of the event loop. */
  const quiet = async (): Promise<void> => {
    for (let rounds = 0; rounds < 200 && queue.length === 0; rounds += 1)
      await new Promise((done) => setImmediate(done))
  }
  const failures: unknown[] = []
  const failingLog: Log = { ...(options.log ?? silentLog), failed: () => (cause) => void failures.push(cause) }

  /** Delivers everything that is on its way, until nothing is. */
  const settle = async (): Promise<void> => {
    for (;;) {
      for (const { replica } of devices.values()) await replica.idle()
      // A real relay answers by itself.
      if (other !== undefined && queue.length === 0) await quiet()
      const deliver = queue.shift()
      if (failures.length > 0) throw new Error('a turn has failed', { cause: failures[0] })
      if (deliver === undefined) return
      await deliver()
    }
  }

  const createDevice = async (name: string, accountName: string, isFirst: boolean): Promise<TestDevice> => {
    const keys = await keysOf(`device ${name}`)
    const root = (await keysOf(`root ${accountName}`)).proof
    const account = await accountIdOf(subtle, root.publicKey)
    const device = await deviceIdOf(subtle, keys.proof.publicKey)
    const identity: ReplicaDevice = { account, device, name, signing: keys.proof, sealing: keys.sealing }
    const entry = {
      v: 1,
      kind: 'account-created',
      rootKey: root.publicKey,
      device: { signingKey: keys.proof.publicKey, agreementKey: keys.sealing.publicKey, name },
      at: 0,
    } as const
    const journal = watched(createMemoryJournal())
    const clock = createManualClock()
    let starts = 0
    const start = (): Promise<Replica> => {
      starts += 1
      return open(
        journal,
        [...`${name}${starts}`].reduce((sum, each) => sum * 31 + each.charCodeAt(0), 7),
      )
    }
    const open = (from: Journal, seed: number): Promise<Replica> =>
      createReplica({
        subtle,
        random: createSeededRandom(seed),
        clock,
        journal: from,
        log: failingLog,
        device: identity,
        rulesOf,
        compression: streamCompression,
        snapshotRules: options.snapshotRules ?? defaultSnapshotRules,
      })
    let disconnect: (() => void) | undefined
    let toRelay: (frame: Bytes) => void = () => undefined
    const self: TestDevice = {
      name,
      account,
      device,
      personal: personalCollectionId(account),
      identity,
      journal,
      clock,
      deviceLogEntry: isFirst ? await signDeviceLogEntry(root.privateKey, entry) : undefined,
      replica: await start(),
      crash: async (kept = 0) => {
        self.goOffline()
        for (const link of [...links]) if (link.a === self || link.b === self) link.close()
        journal.crash(kept)
        await self.replica.close()
        self.replica = await start()
      },
      restart: async (between) => {
        self.goOffline()
        for (const link of [...links]) if (link.a === self || link.b === self) link.close()
        await self.replica.close()
        await between?.()
        self.replica = await start()
      },
      openCopy: (copy) => open(copy, 11),
      sendToRelay: (frame) => toRelay(frame),
      goOffline: () => {
        disconnect?.()
        disconnect = undefined
      },
      goOnline: (to = relay) => {
        self.goOffline()
        let isOpen = true
        const early: Bytes[] = []
        let deliver = (frame: Bytes): void => void early.push(frame)
        const connection = to.connect((frame) => queue.push(() => (isOpen ? deliver(frame) : undefined)))
        const read = self.replica.openLink({
          kind: 'relay',
          key: to.key.publicKey,
          ...(self.deviceLogEntry === undefined ? {} : { credentials: { deviceLog: [self.deviceLogEntry] } }),
          send: (frame) => queue.push(() => (isOpen ? connection.receive(frame) : undefined)),
          close: () => disconnect?.(),
        })
        deliver = read.receive
        toRelay = (frame) => void queue.push(() => (isOpen ? connection.receive(frame) : undefined))
        disconnect = () => {
          isOpen = false
          connection.close()
          read.closed()
        }
      },
      add: (collection, id, after) => self.edit(collection, addIntent(id, after)),
      remove: (collection, id) => self.edit(collection, { kind: 'removeEntries', ids: [idOf(id)] }),
      move: (collection, id, after) =>
        self.edit(collection, { kind: 'moveEntries', ids: [idOf(id)], place: placeOf(after) }),
      rename: (collection, title) => self.edit(collection, { kind: 'setTitle', title }),
      edit: (collection, operation, id = intentId()) =>
        self.replica.edit({ collection, document: 'playlist', intent: { id, operation: { id, ...operation } } }),
      entries: (collection) => {
        const document = self.replica.show(collection, 'playlist')
        return document === undefined ? [] : shownIds(document as AnySlots).map(nameOf)
      },
      title: (collection) =>
        textOf((self.replica.show(collection, 'playlist') as { title?: unknown } | undefined)?.title),
      pursue: (goal) => {
        const result: { outcome: string | undefined } = { outcome: undefined }
        void self.replica.pursue(goal, never).then(
          (outcome) => (result.outcome = outcome),
          (error: unknown) => (result.outcome = String(error)),
        )
        return result
      },
    }
    devices.set(name, self)
    return self

    function addIntent(id: string, after?: string) {
      return { kind: 'addEntries', entries: [{ id: idOf(id), ...itemOf(account) }], place: placeOf(after) }
    }
  }

  type Link = { a: TestDevice; b: TestDevice; close: () => void }
  const links = new Set<Link>()
  /** A direct link between two devices; messages on it lie in the same queue. */
  const connect = (a: TestDevice, b: TestDevice): (() => void) => {
    let isOpen = true
    const reads: { toA?: (frame: Bytes) => void; toB?: (frame: Bytes) => void; closed: (() => void)[] } = { closed: [] }
    const link: Link = {
      a,
      b,
      close: () => {
        isOpen = false
        links.delete(link)
        for (const closed of reads.closed) closed()
      },
    }
    links.add(link)
    const open = (from: TestDevice, to: TestDevice, key: 'toA' | 'toB') => {
      const read = from.replica.openLink({
        kind: 'peer',
        account: to.account,
        device: to.device,
        send: (frame) => queue.push(() => (isOpen ? reads[key]?.(frame) : undefined)),
        close: link.close,
      })
      reads.closed.push(read.closed)
      return read.receive
    }
    reads.toA = open(a, b, 'toB')
    reads.toB = open(b, a, 'toA')
    return link.close
  }

  /** A device with an account of its own, known to the relay, and online. */
  const createAccount = async (name: string): Promise<TestDevice> => {
    const device = await createDevice(`${name}1`, name, true)
    device.goOnline()
    await device.replica.createPersonal({
      deviceLogEntry: device.deviceLogEntry!,
      recoveryKey: (await keysOf(`recovery ${name}`)).sealing.publicKey,
      home: { key: relay.key.publicKey, addresses: ['wss://relay.example'] },
    })
    await settle()
    return device
  }
  /** Another device of an account. */
  const addDevice = async (by: TestDevice, name: string): Promise<TestDevice> => {
    const device = await createDevice(name, by.name.slice(0, -1), false)
    const { signing, sealing } = device.identity
    const collection = personalCollectionId(by.account)
    by.pursue({
      kind: 'add-device',
      collection,
      device: device.device,
      name,
      signingKey: signing.publicKey,
      sealingKey: sealing.publicKey,
    })
    await device.replica.follow(collection)
    device.goOnline()
    await settle()
    return device
  }
  const createShared = async (
    owner: TestDevice,
    members: readonly (readonly [TestDevice, Role])[] = [],
  ): Promise<CollectionId> => {
    const id = (await owner.replica.createShared({ key: relay.key.publicKey, addresses: [] }))!
    await settle()
    for (const [member, role] of members) await invite(owner, member, { collection: id, role })
    return id
  }
  /** Delivers until a goal is reached; with the fake relay that is when nothing is on its way any more. */
  const reached = async (result: { outcome: string | undefined }): Promise<void> => {
    do await settle()
    while (other !== undefined && result.outcome === undefined)
  }
  const invite = async (
    owner: TestDevice,
    member: TestDevice,
    { collection, role }: { collection: CollectionId; role: Role },
  ) => {
    counter += 1
    const secret = hashOf(utf8(`invitation ${counter}`))
    const invited = role === 'owner' ? 'editor' : role
    const invitation = owner.pursue({ kind: 'invite', collection, secret, role: invited, expiresAt: 4_000_000_000_000 })
    await reached(invitation)
    const redeemed = member.pursue({ kind: 'redeem', collection, secret })
    await reached(redeemed)
    if (redeemed.outcome !== 'done') throw new Error(`redeeming: ${redeemed.outcome ?? 'nothing'}`)
    if (role !== 'owner') return undefined
    owner.pursue({ kind: 'change-role', collection, account: member.account, role })
    await settle()
  }

  /** The relay is gone. An owner moves the collection to a new one, with the log that he has. */
  const moveTo = async (owner: TestDevice, collection: CollectionId, name = 'other relay'): Promise<FakeRelay> => {
    const next = createFakeRelay((await keysOf(name)).proof)
    const rootKey = (await keysOf(`root ${owner.name.slice(0, -1)}`)).proof.privateKey
    const items = await owner.replica.rehome({ collection, home: { key: next.key.publicKey, addresses: [] }, rootKey })
    for (const bytes of items!) {
      const refusal = await next.append(next.logFor('', collection), (await readItem(bytes))!)
      if (refusal !== undefined) throw new Error(`re-homing: ${refusal}`)
    }
    return next
  }
  /** The device is told of the new relay, and goes online there. */
  const goTo = async (device: TestDevice, collection: CollectionId, next: FakeRelay): Promise<void> => {
    await device.replica.follow(collection, next.key.publicKey)
    device.goOnline(next)
    await settle()
  }

  /** Gives an envelope to a device as if it came on a direct link from another. */
  const give = async (from: TestDevice, to: TestDevice, envelope: Envelope): Promise<void> => {
    const link = {
      kind: 'peer',
      account: from.account,
      device: from.device,
      send: () => undefined,
      close: () => undefined,
    } as const
    const read = to.replica.openLink(link)
    read.receive(writeRelayFrame({ kind: 'pending', collection: envelope.header.collection }, [writeItem(envelope)]))
    await to.replica.idle()
    read.closed()
  }

  return { relay, give, moveTo, goTo, queue, settle, createAccount, addDevice, createShared, invite, connect, devices }
}

const placeOf = (after: string | undefined) =>
  after === undefined ? ({ kind: 'end' } as const) : ({ kind: 'after', entry: idOf(after) } as const)

/** What an entry of a playlist holds. */
const itemOf = (by: AccountId) => ({
  by,
  addedAt: 1_800_000_000_000,
  track: sampleTrack,
})
const sampleTrack = {
  serverId: 'A'.repeat(22),
  trackId: 'a'.repeat(26),
  recordingId: 'b'.repeat(26),
  title: 'Title',
  credits: [],
  release: { title: 'Release' },
  durationMs: 1000,
}

/** [RP1] No own envelope may be written in a transaction that a power cut could lose: it will be sent. */
const watched = (journal: MemoryJournal): MemoryJournal => {
  const commit = journal.commit
  journal.commit = (transaction) => {
    const hasOwn = transaction.writes.some(
      ({ kind, table, key }) => kind === 'put' && table === 'intents' && key.startsWith('own/'),
    )
    return hasOwn && !transaction.isStrict
      ? Promise.reject(new Error('an own envelope is not strict'))
      : commit(transaction)
  }
  return journal
}
