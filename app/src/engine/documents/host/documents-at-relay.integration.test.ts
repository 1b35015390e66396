import '@automerge/automerge'
import { describe, expect, test } from 'vitest'
import type { Bytes } from '@tonestead/protocol/bytes'
import { parseCollectionId } from '@tonestead/protocol/sync/sync-ids'
import {
  createMemoryRelay,
  openMemoryLink,
  testRelayKey,
} from '../../../../../sync-server/src/relay/memory-relay.testkit.ts'
import { entryId, intentId, playlistEntry } from '../../../../../crdt/src/testkit/sample-values.testkit.ts'
import { createMemoryDeviceStore } from '../../../platform/browser-storage/memory-device-store.ts'
import { createMemoryJournal } from '../../../platform/browser-storage/memory-journal.ts'
import { createMemoryTabChannels } from '../../../platform/system/memory-tab-channel.ts'
import { silentLog } from '../../../platform/system/silent-log.ts'
import { systemClock as clock } from '../../../platform/system/system-clock.ts'
import { streamCompression } from '../../../platform/system/stream-compression.ts'
import { systemRandom as random } from '../../../platform/system/system-random.ts'
import type { PassAnswer } from '../../../ports/documents/documents-worker.ts'
import type { OpenRelaySocket } from '../../../ports/documents/relay-socket.ts'
import { createIdentity } from '../../account/create-identity.ts'
import { createReplica } from '../../replica/create-replica.ts'
import { noSnapshots } from '../../replica/snapshots/snapshot-rules.ts'
import { createDomainRules } from '../../replica/documents/domain-rules.ts'
import { createTabDocuments } from '../tab/create-tab-documents.ts'
import { createDocumentHost } from './create-document-host.ts'
import { runDocuments } from './run-documents.ts'
import { openSealingKey } from './sealing-key.ts'

// The worker without a browser: host, replica and connection, at the relay of sync-server/ in one process.

const { subtle } = globalThis.crypto
const rulesOf = createDomainRules()
const timeout = 20_000
/** No test here asks for ids. */
const personal = parseCollectionId('a'.repeat(52))
const list = { address: { kind: 'playlist', id: entryId('list') } } as const
const add = (number: number, name: string) =>
  ({ kind: 'addEntries', id: intentId(number), entries: [playlistEntry(name)], place: { kind: 'end' } }) as const

const createProfile = async () => {
  const { relay } = await createMemoryRelay({ isOpen: true })
  const key = (await testRelayKey()).publicKey
  const devices = createMemoryDeviceStore()
  await devices.putFirst(await createIdentity({ subtle, random, clock }, 'Test'))
  const journal = createMemoryJournal()
  const openChannel = createMemoryTabChannels()
  const network = { isUp: true, cut: [] as (() => void)[], pass: { kind: 'granted', pass: 'pass' } as PassAnswer }
  const openSocket: OpenRelaySocket = ({ onOpen, onFrame, onClosed }) => {
    let isClosed = false
    const close = (): void => {
      if (isClosed) return
      isClosed = true
      void opened.then((link) => link?.close())
      onClosed()
    }
    const opened = network.isUp
      ? openMemoryLink(relay)({ onFrame: (frame: Bytes) => void (isClosed || onFrame(frame)) } as never)
      : Promise.resolve(undefined)
    if (!network.isUp) setTimeout(close)
    void opened.then((link) => link !== undefined && onOpen())
    network.cut.push(close)
    return { send: (frame) => void opened.then((link) => link?.send(frame)), close }
  }
  /** A worker begins to lead. `end`: its tab is closed, as a process that ends. */
  const startWorker = async () => {
    const host = createDocumentHost({ openChannel, log: silentLog, onEnded: () => running.stop() })
    const running = runDocuments({
      ...{ subtle, clock, random, log: silentLog, host, openSocket, address: 'ws://relay.example/sync' },
      onOpen: () => undefined,
      askForPass: (id) => running.receive({ kind: 'pass', id, answer: network.pass }),
    })
    const identity = (await devices.get())!
    const sealing = await openSealingKey(subtle, devices, identity)
    const device = {
      account: identity.accountId,
      device: identity.deviceId,
      name: 'Test',
      signing: identity.signing,
      sealing,
    }
    const announcing = {
      ...journal,
      takeOver: async () => {
        const fence = await journal.takeOver()
        host.lead(fence)
        return fence
      },
    }
    const replica = await createReplica({
      ...{ subtle, random, clock, journal: announcing, log: silentLog, device, rulesOf },
      ...{ compression: streamCompression, snapshotRules: noSnapshots },
    })
    running.start({ replica, identity })
    const end = async () => {
      running.stop()
      host.close()
      await replica.close()
    }
    return { running, end }
  }
  const openTab = (tab: string) => createTabDocuments({ openChannel, clock, tab, personal, onKept: () => undefined })
  return { key, network, journal, startWorker, openTab, devices }
}

describe('the documents of an account at a relay', () => {
  test('[DO11] the collection begins when the relay is known, and an edit is synced', async () => {
    const { key, startWorker, openTab } = await createProfile()
    const { running } = await startWorker()
    const tab = openTab('one')
    const status = tab.status()
    running.receive({ kind: 'home', relay: undefined })
    await expect.poll(() => status.get(), { timeout }).toEqual({ kind: 'unavailable', reason: 'not-begun' })
    expect(await tab.edit(list, add(1, 'p'))).toEqual({ kind: 'refused', reason: 'not-begun' })
    running.receive({ kind: 'home', relay: key })
    await expect.poll(() => status.get().kind, { timeout }).toBe('synced')
    expect(await tab.edit(list, add(2, 'q'))).toEqual({ kind: 'kept' })
    await expect.poll(() => status.get().kind, { timeout }).toBe('synced')
    const view = await tab.open(list, new AbortController().signal)
    expect(view).toMatchObject({ kind: 'open', isKnown: true, isReadOnly: false })
  })

  test('[DO11] who has no pass keeps everything on his device, also over a restart, and syncs it when he gets a right', async () => {
    const profile = await createProfile()
    profile.network.pass = { kind: 'refused' }
    const first = await profile.startWorker()
    const tab = profile.openTab('one')
    const status = tab.status()
    first.running.receive({ kind: 'home', relay: profile.key })
    await expect.poll(() => status.get(), { timeout }).toEqual({ kind: 'offline', atMs: undefined })
    for (const [index, name] of ['p', 'q', 'r'].entries())
      expect(await tab.edit(list, add(index, name))).toEqual({ kind: 'kept' })
    await expect
      .poll(() => status.get(), { timeout })
      .toMatchObject({ kind: 'waiting', changes: 3, isConnected: false })
    expect(profile.network.cut).toEqual([])
    await first.end()
    // Without a network the relay is not known, and need not be.
    const second = await profile.startWorker()
    const other = profile.openTab('two')
    const view = await other.open(list, new AbortController().signal)
    expect(view.kind === 'open' && Object.keys(view.document.entries).length).toBe(3)
    expect(await other.edit(list, add(4, 's'))).toEqual({ kind: 'kept' })
    profile.network.pass = { kind: 'granted', pass: 'pass' }
    second.running.receive({ kind: 'home', relay: profile.key })
    const later = other.status()
    await expect.poll(() => later.get().kind, { timeout }).toBe('synced')
    expect((await profile.devices.get())?.sealing?.privateKey.extractable).toBe(false)
  })

  test('[DO9] the status follows from what the relay confirmed: offline, waiting, and synced again', async () => {
    const profile = await createProfile()
    const { running } = await profile.startWorker()
    running.receive({ kind: 'home', relay: profile.key })
    const tab = profile.openTab('one')
    const status = tab.status()
    await expect.poll(() => status.get().kind, { timeout }).toBe('synced')
    profile.network.isUp = false
    for (const cut of profile.network.cut) cut()
    await expect.poll(() => status.get(), { timeout }).toMatchObject({ kind: 'offline', atMs: expect.any(Number) })
    await tab.edit(list, add(1, 'p'))
    await expect
      .poll(() => status.get(), { timeout })
      .toMatchObject({ kind: 'waiting', changes: 1, isConnected: false })
    profile.network.isUp = true
    running.receive({ kind: 'connect' })
    await expect.poll(() => status.get().kind, { timeout }).toBe('synced')
  })

  test('[DO9] a full disk refuses an edit, says so, and loses nothing', async () => {
    const profile = await createProfile()
    const { running } = await profile.startWorker()
    running.receive({ kind: 'home', relay: profile.key })
    const tab = profile.openTab('one')
    const status = tab.status()
    expect(await tab.edit(list, add(1, 'p'))).toEqual({ kind: 'kept' })
    await expect.poll(() => status.get().kind, { timeout }).toBe('synced')
    profile.journal.failNext()
    expect(await tab.edit(list, add(2, 'q'))).toEqual({ kind: 'refused', reason: 'storage-failed' })
    await expect.poll(() => status.get(), { timeout }).toEqual({ kind: 'needs-you', reason: 'storage-failed' })
    expect(await tab.edit(list, add(3, 'r'))).toEqual({ kind: 'kept' })
    await expect.poll(() => status.get().kind, { timeout }).toBe('synced')
    const view = await tab.open(list, new AbortController().signal)
    expect(view.kind === 'open' && Object.keys(view.document.entries).toSorted()).toEqual(
      [entryId('p'), entryId('r')].toSorted(),
    )
  })
})
