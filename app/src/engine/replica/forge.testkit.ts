import {
  change,
  clone,
  decodeChange,
  encodeChange,
  getLastLocalChange,
  ImmutableString,
  type DecodedChange,
  type Doc,
} from '@automerge/automerge'
import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import { packChanges } from '@tonestead/protocol/sync/codec/changes-codec'
import { actorOf, newFeedId } from '@tonestead/protocol/sync/derived-ids'
import type { Envelope, EnvelopeHeader } from '@tonestead/protocol/sync/envelope'
import { keyedChangeHashes } from '@tonestead/protocol/sync/keys/epoch-keys'
import { sealBody } from '@tonestead/protocol/sync/keys/sealed-body'
import { signEnvelope } from '@tonestead/protocol/sync/keys/sign-item'
import type { CollectionId, FeedId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { silentLog } from '../../platform/system/silent-log.ts'
import { streamCompression } from '../../platform/system/stream-compression.ts'
import type { CollectionState } from './collection/collection-state.ts'
import { settle } from './collection/settle.ts'
import { createContext } from './create-context.ts'
import { documentIdOf } from './documents/document-id.ts'
import { createDomainRules } from './documents/domain-rules.ts'
import { defaultSnapshotRules } from './snapshots/snapshot-rules.ts'
import { openEpochs } from './keys/open-epochs.ts'
import { loadReplica } from './loading/load-replica.ts'
import type { TestDevice } from './replica-world.testkit.ts'

// Envelopes of a device that does not keep to the rules: with its own keys, and whatever the test wants in them.

const { subtle } = globalThis.crypto
const random = createSeededRandom(99)

/** What a replica would make of a device's journal: for looking into it. */
export const inspect = async (device: TestDevice, collection: CollectionId): Promise<CollectionState> => {
  const context = createContext(
    {
      subtle,
      random,
      clock: createManualClock(),
      journal: device.journal,
      log: silentLog,
      device: device.identity,
      rulesOf: createDomainRules(),
      compression: streamCompression,
      snapshotRules: defaultSnapshotRules,
    },
    () => undefined,
  )
  await loadReplica(context)
  await openEpochs(context)
  const state = context.collections.get(collection)!
  await settle(context, state)
  return state
}

export type Forgery = {
  /** Alters the decoded change before it is encoded again. */
  readonly mutate?: (decoded: DecodedChange) => void
  /** Bytes in place of the change. */
  readonly changes?: readonly Bytes[]
  readonly header?: Partial<EnvelopeHeader>
  readonly title?: string
  readonly name?: string
  /** Continues a feed. */
  readonly after?: { readonly feed: FeedId; readonly number: number; readonly id: ItemId }
}

/** An envelope of the device that sets the title of the playlist. */
export const forge = async (device: TestDevice, collection: CollectionId, forgery: Forgery = {}): Promise<Envelope> =>
  (await openForge(device, collection))(forgery)

/** Makes many envelopes on the journal as it is now. */
export const openForge = async (device: TestDevice, collection: CollectionId) => {
  const state = await inspect(device, collection)
  return (forgery: Forgery): Promise<Envelope> => forgeOn(state, device, forgery)
}

const forgeOn = async (state: CollectionState, device: TestDevice, forgery: Forgery): Promise<Envelope> => {
  const collection = state.id
  const { log } = state
  const name = forgery.name ?? 'playlist'
  const document = documentIdOf(collection, 'playlist')
  const salt = random.bytes(16)
  const prev = forgery.after?.id ?? log.lastOfDevice(device.device)?.id
  const feed = forgery.header?.feed ?? forgery.after?.feed ?? newFeedId({ random: () => salt }, device.device, prev)
  const made = forgery.changes ?? [makeChange(state, actorOf(feed, document), forgery)]
  const { keys } = state.epochs.get(forgery.header?.epoch ?? log.now()!.epoch)!
  const hashes =
    forgery.changes === undefined ? made.map((bytes) => decodeChange(bytes).hash) : made.map(() => '00'.repeat(32))
  const unsealed = {
    version: 1,
    schemaVersion: 1,
    collection,
    document,
    account: device.account,
    device: device.device,
    feed,
    number: (forgery.after?.number ?? 0) + 1,
    prev,
    seen: { seq: log.length(), chain: log.chainAt(log.length()) },
    deps: [],
    epoch: log.now()!.epoch,
    changeHashes: await keyedChangeHashes({ subtle }, keys, hashes),
    salt,
    ...forgery.header,
  } as const
  const { header, body } = await sealBody({ subtle }, keys, {
    header: unsealed,
    plaintext: packChanges([utf8(name), ...made]),
  })
  return signEnvelope({ subtle, signingKey: device.identity.signing.privateKey }, header, body)
}

const makeChange = (state: CollectionState, actor: string, { mutate, title = 'evil' }: Forgery): Bytes => {
  const [document] = [...state.documents.values()]
  const base = clone(document!.document as Doc<{ title?: unknown }>, { actor })
  const after = change(base, { time: 0 }, (draft) => {
    draft.title = new ImmutableString(title)
  })
  const decoded = decodeChange(getLastLocalChange(after)!)
  mutate?.(decoded)
  const { hash, ...rest } = decoded
  void hash
  return new Uint8Array(encodeChange(mutate === undefined ? decoded : (rest as DecodedChange)))
}
