import '@automerge/automerge'
import { fromBase64Url, toBase64Url } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import { recoveryPair } from '@tonestead/protocol/sync/keys/recovery-key'
import { parseCollectionId, type CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { splitIntent } from '@tonestead/crdt/documents/split-intent'
import { shownIds, type AnySlots } from '@tonestead/crdt/slots/slot-list'
import { createIdentity } from '../../../app/src/engine/account/create-identity.ts'
import { createReplica } from '../../../app/src/engine/replica/create-replica.ts'
import { createDomainRules } from '../../../app/src/engine/replica/documents/domain-rules.ts'
import type { Goal, Replica } from '../../../app/src/engine/replica/replica.ts'
import { noSnapshots } from '../../../app/src/engine/replica/snapshots/snapshot-rules.ts'
import { createMemoryJournal } from '../../../app/src/platform/browser-storage/memory-journal.ts'
import { createWebSocketRelay } from '../../../app/src/platform/network/web-socket-relay.ts'
import { silentLog } from '../../../app/src/platform/system/silent-log.ts'
import { streamCompression } from '../../../app/src/platform/system/stream-compression.ts'
import { systemClock as clock } from '../../../app/src/platform/system/system-clock.ts'
import { systemRandom as random } from '../../../app/src/platform/system/system-random.ts'
import type { PlaylistIntent } from '../../../crdt/src/playlists/playlist-intent.ts'
import { intentId } from '../../../crdt/src/testkit/sample-values.testkit.ts'
import type { EditStep } from '../edit-steps.ts'
import { serveDevice, type SharedList } from '../serve-device.ts'
import { sampleEntry } from './sample-entry.ts'

// A device of an account of its own. Arguments: address of the relay, its public key, and for another device the list with its invitations, and which of them is its own.

const [address = '', relayKey = '', list, number] = process.argv.slice(2)
const { subtle } = globalThis.crypto
/** An invitation is for one account. */
const maxDevices = 8
const never = new AbortController().signal
const relay: SigningJwk = { kty: 'OKP', crv: 'Ed25519', x: relayKey }
const home = { key: relay, addresses: [address] }

const createDevice = async (): Promise<{ replica: Replica; account: string }> => {
  const identity = await createIdentity({ subtle, random, clock }, 'Bench')
  const sealing = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
  const { kty, crv, x, y } = await subtle.exportKey('jwk', sealing.publicKey)
  const device = {
    account: identity.accountId,
    device: identity.deviceId,
    name: 'Bench',
    signing: identity.signing,
    sealing: { privateKey: sealing.privateKey, publicKey: { kty, crv, x, y } as never },
  }
  const replica = await createReplica({
    ...{ subtle, random, clock, journal: createMemoryJournal(), log: silentLog, device },
    ...{ rulesOf: createDomainRules(), compression: streamCompression, snapshotRules: noSnapshots },
  })
  const [deviceLogEntry = ''] = identity.deviceLog
  const recoveryKey = (await recoveryPair({ subtle }, identity.rootEntropy)).publicKey
  await replica.createPersonal({ deviceLogEntry, recoveryKey, home })
  connect(replica, deviceLogEntry)
  return { replica, account: identity.accountId }
}

/** The relay speaks first, so nothing is sent before the socket is open. */
const connect = (replica: Replica, deviceLogEntry: string): void => {
  const socket = createWebSocketRelay(address)({
    onOpen: () => undefined,
    onFrame: (frame) => link.receive(frame),
    onClosed: () => link.closed(),
  })
  const link = replica.openLink({
    ...{ kind: 'relay', key: relay, credentials: { deviceLog: [deviceLogEntry] } },
    ...{ send: socket.send, close: socket.close },
  })
}

const reach = async (replica: Replica, goal: Goal): Promise<void> => {
  const outcome = await replica.pursue(goal, never)
  if (outcome !== 'done') throw new Error(`${goal.kind}: ${outcome}`)
}

const begin = async (replica: Replica): Promise<string> => {
  let collection: CollectionId | undefined
  while ((collection = await replica.createShared(home)) === undefined) await clock.after(10, never)
  const secrets = Array.from({ length: maxDevices }, () => random.bytes(32))
  const expiresAt = clock.now() + 3_600_000
  for (const secret of secrets) await reach(replica, { kind: 'invite', collection, secret, role: 'editor', expiresAt })
  return [collection, ...secrets.map(toBase64Url)].join(' ')
}

const join = async (replica: Replica, text: string): Promise<string> => {
  const [id = '', ...secrets] = text.split(' ')
  const secret = secrets[Number(number)] ?? ''
  await reach(replica, { kind: 'redeem', collection: parseCollectionId(id), secret: fromBase64Url(secret) })
  return text
}

const operationOf = (step: EditStep, account: string): object =>
  step.kind === 'remove'
    ? { kind: 'removeEntries', ids: [step.id] }
    : {
        kind: 'addEntries',
        entries: [{ ...sampleEntry(step.id), id: step.id, by: account }],
        place: step.after === undefined ? { kind: 'start' } : { kind: 'after', entry: step.after },
      }

await serveDevice(async (): Promise<SharedList> => {
  const { replica, account } = await createDevice()
  const document = await (list === undefined ? begin(replica) : join(replica, list))
  const collection = parseCollectionId(document.split(' ', 1)[0] ?? '')
  let steps = 0
  return {
    document,
    apply: async (step) => {
      const id = intentId((steps += 1))
      const operation = { ...operationOf(step, account), id }
      const { kind } = await replica.edit({ collection, document: 'playlist', intent: { id, operation } })
      if (kind !== 'kept') throw new Error(`the edit is ${kind}`)
    },
    fill: async (ids) => {
      const entries = ids.map((id) => ({ ...sampleEntry(id), id, by: account }))
      const id = intentId((steps += 1))
      const intent = { kind: 'addEntries', id, entries, place: { kind: 'end' } } as unknown as PlaylistIntent
      for (const part of splitIntent('playlist', intent))
        await replica.edit({ collection, document: 'playlist', intent: { id: part.id, operation: part } })
      while (replica.status(collection)?.pending !== 0) await clock.after(20, never)
    },
    onShown: (listener) => {
      const show = (): void => {
        const shown = replica.show(collection, 'playlist')
        if (shown !== undefined) listener(shownIds(shown as AnySlots))
      }
      replica.onChange((changed) => changed === collection && show())
      show()
    },
  }
})
