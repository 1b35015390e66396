import type { Bytes } from '@tonestead/protocol/bytes'
import { personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import { parseServerId } from '@tonestead/crdt/ids'
import {
  createMemoryRelay,
  openMemoryLink,
  testRelayKey,
} from '../../../../sync-server/src/relay/memory-relay.testkit.ts'
import { createMemoryDeviceStore } from '../../platform/browser-storage/memory-device-store.ts'
import { createMemoryJournal } from '../../platform/browser-storage/memory-journal.ts'
import { createMemoryTabChannels } from '../../platform/system/memory-tab-channel.ts'
import { silentLog } from '../../platform/system/silent-log.ts'
import { streamCompression } from '../../platform/system/stream-compression.ts'
import { systemClock as clock } from '../../platform/system/system-clock.ts'
import { systemRandom as random } from '../../platform/system/system-random.ts'
import type { PassAnswer } from '../../ports/documents/documents-worker.ts'
import type { OpenRelaySocket } from '../../ports/documents/relay-socket.ts'
import { createIdentity } from '../account/create-identity.ts'
import { createCell } from '../cell.ts'
import { createDocumentHost } from '../documents/host/create-document-host.ts'
import { runDocuments } from '../documents/host/run-documents.ts'
import { openSealingKey } from '../documents/host/sealing-key.ts'
import { createTabDocuments } from '../documents/tab/create-tab-documents.ts'
import { createPlaylists } from '../playlists/create-playlists.ts'
import { createReplica } from '../replica/create-replica.ts'
import { createDomainRules } from '../replica/documents/domain-rules.ts'
import { noSnapshots } from '../replica/snapshots/snapshot-rules.ts'
import { servePeople } from './host/serve-people.ts'
import { peoplePart } from './people-messages.ts'
import { createPeople } from './create-people.ts'

// Whole profiles without a browser, at one relay of sync-server/ in one process: worker, one tab, playlists and people.

const { subtle } = globalThis.crypto
const rulesOf = createDomainRules()
const aPass = 'a pass'

/** A relay that takes one pass. */
export const startRelay = async () => {
  const { relay } = await createMemoryRelay({ isOpen: false, checkPass: (pass) => Promise.resolve(pass === aPass) })
  return { relay, key: (await testRelayKey()).publicKey }
}

type Network = { isUp: boolean; readonly cut: (() => void)[]; pass: PassAnswer }

const socketsOf =
  (relay: Awaited<ReturnType<typeof startRelay>>['relay'], network: Network): OpenRelaySocket =>
  ({ onOpen, onFrame, onClosed }) => {
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
    if (!network.isUp) setImmediate(close)
    void opened.then((link) => link !== undefined && onOpen())
    network.cut.push(close)
    return { send: (frame) => void opened.then((link) => link?.send(frame)), close }
  }

/** A person with one device and one tab. `isGuest`: he has no right on the media server, and so no pass. */
export const openProfile = async (
  { relay, key }: Awaited<ReturnType<typeof startRelay>>,
  { isGuest }: { readonly isGuest: boolean },
) => {
  const identity = await createIdentity({ subtle, random, clock }, 'Test')
  const devices = createMemoryDeviceStore()
  await devices.putFirst(identity)
  const { accountId: account, deviceId, signing } = identity
  const network: Network = {
    isUp: true,
    cut: [],
    pass: isGuest ? { kind: 'refused' } : { kind: 'granted', pass: aPass },
  }
  const openChannel = createMemoryTabChannels()
  const host = createDocumentHost({ openChannel, log: silentLog, onEnded: () => running.stop() })
  const running = runDocuments({
    ...{ subtle, clock, random, log: silentLog, host, openSocket: socketsOf(relay, network) },
    address: 'ws://relay.example/sync',
    onOpen: ({ replica, personal }) =>
      host.serve(peoplePart, servePeople({ replica, personal, account, random, log: silentLog, timeoutMs: 3_000 })),
    askForPass: (id) => running.receive({ kind: 'pass', id, answer: network.pass }),
  })
  const journal = createMemoryJournal()
  const sealing = await openSealingKey(subtle, devices, identity)
  const replica = await createReplica({
    ...{ subtle, random, clock, log: silentLog, rulesOf, compression: streamCompression, snapshotRules: noSnapshots },
    journal: {
      ...journal,
      takeOver: async () => {
        const fence = await journal.takeOver()
        host.lead(fence)
        return fence
      },
    },
    device: { account, device: deviceId, name: 'Test', signing, sealing },
  })
  running.start({ replica, identity: (await devices.get())! })
  running.receive({ kind: 'home', relay: key })
  const personal = personalCollectionId(account)
  const documents = createTabDocuments({ openChannel, clock, tab: 'one', personal, onKept: () => undefined })
  const playlists = createPlaylists({
    ...{ documents, clock, random, log: silentLog, isOnline: createCell(true) },
    account: createCell({ kind: 'ready', accountId: account } as never),
    serverId: createCell(parseServerId('S'.repeat(22))),
    library: { tracksById: () => Promise.resolve({ kind: 'ready', value: [] }) } as never,
    findCandidates: () => Promise.resolve([]),
  })
  const people = createPeople({ documents, playlists, clock, random, origin: 'https://music.example', personal })
  /** Whether the device has a network. */
  const setNetwork = (isUp: boolean): void => {
    network.isUp = isUp
    if (isUp) running.receive({ kind: 'connect' })
    else for (const cut of network.cut.splice(0)) cut()
  }
  const stop = async (): Promise<void> => {
    running.stop()
    host.close()
    await replica.close()
  }
  return { account, personal, documents, playlists, people, replica, setNetwork, stop }
}
