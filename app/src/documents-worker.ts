/// <reference lib="webworker" />
import { initializeWasm } from '@automerge/automerge/slim'
import wasmUrl from '@automerge/automerge/automerge.wasm?url'
import { config } from 'zod'
import { createAccountPart } from './engine/account/account-part.ts'
import { accountPartName } from './engine/account/account-questions.ts'
import { deviceNameOf } from './engine/account/device-name.ts'
import { createLog } from './engine/diagnostics/create-log.ts'
import { createDevicesPart, type DevicesPart } from './engine/devices/host/create-devices-part.ts'
import { devicesPart } from './engine/devices/messages/tab-messages.ts'
import { createDocumentHost } from './engine/documents/host/create-document-host.ts'
import { runDocuments } from './engine/documents/host/run-documents.ts'
import { openSealingKey } from './engine/documents/host/sealing-key.ts'
import type { DocumentsFault } from './engine/documents/documents.ts'
import { servePeople } from './engine/people/host/serve-people.ts'
import { peoplePart } from './engine/people/people-messages.ts'
import { createReplica } from './engine/replica/create-replica.ts'
import { noSnapshots } from './engine/replica/snapshots/snapshot-rules.ts'
import { createDomainRules } from './engine/replica/documents/domain-rules.ts'
import type { ReplicaDevice } from './engine/replica/replica.ts'
import { createIdbDeviceStore } from './platform/browser-storage/idb-device-store.ts'
import { createIdbJournal } from './platform/browser-storage/idb-journal.ts'
import { openDatabase } from './platform/browser-storage/open-database.ts'
import { openJournalDatabase } from './platform/browser-storage/open-journal-database.ts'
import { createWebSocketRelay } from './platform/network/web-socket-relay.ts'
import { openBroadcastChannel } from './platform/system/broadcast-tab-channel.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import { streamCompression } from './platform/system/stream-compression.ts'
import { systemRandom as random } from './platform/system/system-random.ts'
import { parseToDocumentsWorker } from './platform/workers/documents-messages.ts'
import type { DeviceIdentity } from './ports/device-store.ts'
import type { FromDocumentsWorker } from './ports/documents/documents-worker.ts'
import type { Journal } from './ports/journal.ts'

// Composition root of the worker of the documents: the replica of this device. One tab at a time runs it.

declare const self: DedicatedWorkerGlobalScope

// zod must not compile code: the content security policy forbids it.
config({ jitless: true })

const { subtle } = crypto
const post = (message: FromDocumentsWorker): void => self.postMessage(message)
const log = createLog({ clock, threshold: 'info', write: (entry) => post({ kind: 'log', entry }) }, 'documents')
const address = new URL('/sync', self.location.origin.replace(/^http/, 'ws')).href

const host = createDocumentHost({
  openChannel: openBroadcastChannel,
  log,
  onEnded: () => {
    log.info('another tab leads now')
    running.stop()
    devices?.close()
    host.close()
  },
})
let devices: DevicesPart | undefined
let isConnected = false
/** Devices of the account hear of one another over the connection to the relay. */
const setConnected = (isOpen: boolean): void => {
  isConnected = isOpen
  host.setConnected(isOpen)
  devices?.setOnline(isOpen)
}
const running = runDocuments({
  ...{ subtle, clock, random, log, address, host: { ...host, setConnected } },
  openSocket: createWebSocketRelay(address),
  onOpen: ({ replica, identity: { accountId: account, deviceId: self }, personal }) => {
    devices = createDevicesPart({ replica, personal, account, self, clock, random, log: log.child('devices') })
    host.serve(devicesPart, devices)
    host.serve(accountPartName, createAccountPart({ replica, personal }))
    host.serve(peoplePart, servePeople({ replica, personal, account, random, log: log.child('people') }))
    devices.setOnline(isConnected)
  },
  askForPass: (id, relay) => post({ kind: 'pass-wanted', id, relay }),
})

/** Tells the tabs who leads as soon as the journal is taken over: an earlier leader writes nothing more. */
const announcing = (journal: Journal): Journal => ({
  ...journal,
  takeOver: async () => {
    const fence = await journal.takeOver()
    host.lead(fence)
    return fence
  },
})

const openIdentity = async (): Promise<{ readonly identity: DeviceIdentity; readonly device: ReplicaDevice }> => {
  const devices = createIdbDeviceStore(await openDatabase())
  const identity = await devices.get()
  if (identity === undefined) throw new Error('this profile has no identity')
  const sealing = await openSealingKey(subtle, devices, identity)
  const { accountId: account, deviceId, signing } = identity
  return { identity, device: { account, device: deviceId, name: deviceNameOf(navigator.userAgent), signing, sealing } }
}

const fail = (reason: DocumentsFault): void => {
  host.fail(reason)
  post({ kind: 'failed' })
}

const loadAutomerge = async (): Promise<boolean> => {
  try {
    await initializeWasm(wasmUrl)
    return true
  } catch (cause) {
    log.failed('Automerge was not loaded')(cause)
    return false
  }
}

const load = async (): Promise<void> => {
  const [isLoaded, { identity, device }] = await Promise.all([loadAutomerge(), openIdentity()])
  const journal = announcing(createIdbJournal(await openJournalDatabase(identity.journal)))
  if (!isLoaded) {
    await journal.takeOver()
    return void fail('not-supported')
  }
  const rulesOf = createDomainRules()
  const replica = await createReplica({
    ...{ subtle, random, clock, journal, log, device, rulesOf },
    compression: streamCompression,
    // A snapshot lets relays drop what it replaces. No device makes one before 1,000 seeds of the simulation have passed with them.
    snapshotRules: noSnapshots,
  })
  running.start({ replica, identity })
}

self.addEventListener('message', ({ data }) => {
  const message = parseToDocumentsWorker(data)
  if (message.kind === 'ping') post({ kind: 'pong' })
  else running.receive(message)
})
self.addEventListener('online', () => running.receive({ kind: 'connect' }))
load().catch((cause: unknown) => {
  log.failed('the documents were not opened')(cause)
  fail('storage-failed')
})
