import { change, clone, decodeChange, encodeChange, getLastLocalChange, type DecodedChange } from '@automerge/automerge'
import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import { packChanges } from '@tonestead/protocol/sync/codec/changes-codec'
import { actorOf, newFeedId } from '@tonestead/protocol/sync/derived-ids'
import type { Envelope, EnvelopeHeader } from '@tonestead/protocol/sync/envelope'
import { epochKeys, keyedChangeHashes, type EpochKeys } from '@tonestead/protocol/sync/keys/epoch-keys'
import { sealBody } from '@tonestead/protocol/sync/keys/sealed-body'
import { signEnvelope } from '@tonestead/protocol/sync/keys/sign-item'
import type { CollectionId, FeedId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { CollectionState } from '../../../app/src/engine/replica/collection/collection-state.ts'
import { settle } from '../../../app/src/engine/replica/collection/settle.ts'
import { createContext } from '../../../app/src/engine/replica/create-context.ts'
import { documentIdOf } from '../../../app/src/engine/replica/documents/document-id.ts'
import { documentToRead } from '../../../app/src/engine/replica/documents/document-state.ts'
import { openEpochs } from '../../../app/src/engine/replica/keys/open-epochs.ts'
import { loadReplica } from '../../../app/src/engine/replica/loading/load-replica.ts'
import { findWritableDocument } from '../../../app/src/engine/replica/writing/seal-intents.ts'
import type { ReplicaContext } from '../../../app/src/engine/replica/replica-context.ts'
import { entryOperation } from './edits.ts'
import { documentNames } from '../world/world.ts'
import type { SimulatedDevice, World } from '../world/model.ts'

// Envelopes of a device that does not keep to the rules, with its own keys and whatever it has read.

export type Inside = { readonly context: ReplicaContext; readonly state: CollectionState }

/** What the journal of a device holds, as its replica would load it. */
export const lookInside = async (
  device: SimulatedDevice,
  collection: CollectionId,
  from: SimulatedDevice = device,
): Promise<Inside | undefined> => {
  const context = createContext(device.dependencies(from.journal), () => undefined)
  await loadReplica(context)
  await openEpochs(context)
  const state = context.collections.get(collection)
  if (state === undefined || state.log.length() === 0) return undefined
  await settle(context, state)
  return { context, state }
}

export type Forgery = {
  /** Alters the decoded change before it is encoded again. */
  readonly mutate?: ((decoded: DecodedChange) => void) | undefined
  /** Whose actor the change has; by default that of the feed. */
  readonly actor?: string | undefined
  /** Bytes in place of a change. */
  readonly garbage?: Bytes | undefined
  /** In whose name it is written: all is as this device would have it, except the signature. */
  readonly as?: SimulatedDevice | undefined
  /** Parts of the header that are not as they should be. */
  readonly header?: Partial<EnvelopeHeader> | undefined
  /** Continues a feed. */
  readonly after?: { readonly feed: FeedId; readonly number: number; readonly id: ItemId } | undefined
  readonly hasNoDeps?: boolean | undefined
}

export const forge = async (
  world: World,
  { device, inside, entry, forgery }: { device: SimulatedDevice; inside: Inside; entry: string; forgery: Forgery },
): Promise<Envelope> => {
  const { context, state } = inside
  const { log } = state
  const [name] = documentNames
  const document = documentIdOf(state.id, name)
  const salt = world.choices.bytes(16)
  const author = forgery.as ?? device
  const prev = forgery.after?.id ?? log.lastOfDevice(author.device)?.id
  const feed = forgery.after?.feed ?? newFeedId({ random: () => salt }, author.device, forgery.header?.prev ?? prev)
  const made =
    forgery.garbage ?? makeChange(inside, { device, entry, forgery, actor: forgery.actor ?? actorOf(feed, document) })
  const epoch = forgery.header?.epoch ?? log.now()!.epoch
  const keys = state.epochs.get(epoch)?.keys ?? (await guessedKeys(world, state, epoch))
  const decoded = forgery.garbage === undefined ? decodeChange(made) : undefined
  const unsealed = {
    version: 1,
    schemaVersion: 1,
    collection: state.id,
    document,
    account: author.account,
    device: author.device,
    feed,
    number: (forgery.after?.number ?? 0) + 1,
    prev,
    seen: { seq: log.length(), chain: log.chainAt(log.length()) },
    deps: forgery.hasNoDeps === true || decoded === undefined ? [] : pendingDeps(state, name, decoded),
    epoch,
    changeHashes: await keyedChangeHashes(context, keys, [decoded?.hash ?? '00'.repeat(32)]),
    salt,
    ...forgery.header,
  } as const
  const { header, body } = await sealBody(context, keys, {
    header: unsealed,
    plaintext: packChanges([utf8(name), made]),
  })
  return signEnvelope({ subtle: world.subtle, signingKey: device.identity.signing.privateKey }, header, body)
}

/** Who has no key seals with any. */
const guessedKeys = (world: World, { id }: CollectionState, epoch: EnvelopeHeader['epoch']): Promise<EpochKeys> =>
  epochKeys(world, world.choices.bytes(32), { collection: id, epoch })

const pendingDeps = (state: CollectionState, name: string, { deps }: DecodedChange): readonly ItemId[] => {
  const graph = state.documents.get(documentIdOf(state.id, name))?.index.graph
  const envelopes = deps.map((hash) => {
    const number = graph?.numberOf(hash)
    return number === undefined ? undefined : graph?.envelopeOf(number)
  })
  return [...new Set(envelopes.filter((id) => id !== undefined && state.log.seqOf(id) === undefined))]
    .filter((id) => id !== undefined)
    .toSorted()
}

type Making = {
  readonly device: SimulatedDevice
  readonly entry: string
  readonly forgery: Forgery
  readonly actor: string
}

const makeChange = ({ context, state }: Inside, { device, entry, forgery, actor }: Making): Bytes => {
  const document = findWritableDocument(context, state, documentNames[0])!
  const before = clone(documentToRead(document), { actor })
  const operation = { id: entry, ...entryOperation(device, entry, undefined) }
  const after = change(before, { time: 0 }, (draft) => void document.rules.apply({ draft, before, operation }))
  const decoded = decodeChange(getLastLocalChange(after)!)
  if (forgery.mutate === undefined) return new Uint8Array(getLastLocalChange(after)!)
  forgery.mutate(decoded)
  return new Uint8Array(encodeChange({ ...decoded, hash: undefined } as unknown as DecodedChange))
}
