import { readItem, writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { writeSnapshotContent, type SnapshotContent } from '@tonestead/protocol/sync/codec/snapshot-content'
import { writeClientFrame } from '@tonestead/protocol/sync/frame'
import { sealSnapshot } from '@tonestead/protocol/sync/keys/sealed-body'
import { signConfirmation, signSnapshot } from '@tonestead/protocol/sync/keys/sign-item'
import type { LogItem } from '@tonestead/protocol/sync/log-item'
import type { SnapshotHeader } from '@tonestead/protocol/sync/snapshot'
import { parseChainHash, type ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import { documentIdOf } from '../../../app/src/engine/replica/documents/document-id.ts'
import { envelopesUpTo } from '../../../app/src/engine/replica/snapshots/document-content.ts'
import { lookInside, type Inside } from './forge-envelope.ts'
import { anyShared, type Action } from './honest-actions.ts'
import { simulationCompression } from '../world/simulation-compression.ts'
import { deviceOf, documentNames } from '../world/world.ts'
import type { SimulatedDevice, World } from '../world/model.ts'

// Snapshots of members who do not keep to the rules: some the log shows to be wrong, so a relay refuses them; the others only who reads them can refute.

/** Far above the numbers that replicas give their requests, so that the answer is nobody's. */
const foreignRequest = 2 ** 31

type Draft = {
  /** Every envelope of the document in the log that counts, with its changes. */
  readonly envelopes: readonly { readonly id: ItemId; readonly changes: readonly Bytes[] }[]
  readonly voids: readonly ItemId[]
  readonly world: World
  readonly inside: Inside
}
type Falsehood = {
  readonly content?: SnapshotContent | undefined
  readonly header?: Partial<SnapshotHeader>
  /** Bytes that are left away at the end of what is sealed. */
  readonly cutBytes?: number
}

const [first, second] = documentNames
const contentOf = (envelopes: Draft['envelopes'], name: string = first): SnapshotContent => ({
  name,
  envelopes: envelopes.map(({ changes }) => changes),
})

/** Undefined: this log gives no occasion. */
const falsehoods: Readonly<Record<string, (draft: Draft) => Falsehood | undefined>> = {
  'false content': ({ envelopes, world }) => {
    const altered = world.choices.below(envelopes.length)
    const content = contentOf(
      envelopes.map((each, index) =>
        index === altered ? { ...each, changes: each.changes.map((bytes) => flipped(bytes, world)) } : each,
      ),
    )
    return { content }
  },
  'omitted envelope': ({ envelopes, world }) => ({
    content: contentOf(envelopes.toSpliced(world.choices.below(envelopes.length), 1)),
  }),
  'envelope called void': ({ envelopes, voids, world }) => {
    const omitted = world.choices.below(envelopes.length)
    const named = [...voids, envelopes[omitted]!.id].toSorted()
    return { content: contentOf(envelopes.toSpliced(omitted, 1)), header: { voids: named } }
  },
  'void envelope not named': ({ voids, envelopes }) =>
    voids.length === 0 ? undefined : { content: contentOf(envelopes), header: { voids: [] } },
  'wrong place': ({ envelopes }) => (envelopes.length < 2 ? undefined : { content: contentOf(envelopes.slice(0, -1)) }),
  'truncated part': ({ envelopes, world }) => ({ content: contentOf(envelopes), cutBytes: 1 + world.choices.below(8) }),
  'other document': ({ envelopes }) => ({ content: contentOf(envelopes, second) }),
  'two in another order': ({ envelopes }) =>
    envelopes.length < 2 ? undefined : { content: contentOf([envelopes[1]!, envelopes[0]!, ...envelopes.slice(2)]) },
}

const flipped = (bytes: Bytes, { choices }: World): Bytes => {
  const altered = bytes.slice()
  altered[choices.below(altered.length)]! ^= 1 << choices.below(8)
  return altered
}

const draftOf = (world: World, inside: Inside): Draft => {
  const { state } = inside
  const all = envelopesUpTo(state, documentIdOf(state.id, first), state.log.length())
  const envelopes = all.flatMap(({ id }) => {
    const body = state.bodies.get(id)
    return body === undefined ? [] : [{ id, changes: body.changes }]
  })
  const voids = all.flatMap(({ id }) => (state.voids.has(id) ? [id] : [])).toSorted()
  return { envelopes, voids, world, inside }
}

type Making = {
  readonly device: SimulatedDevice
  readonly inside: Inside
  readonly content: SnapshotContent
  readonly header: Partial<SnapshotHeader>
  readonly cutBytes: number
}

const makeSnapshot = async (world: World, { device, inside, content, header, cutBytes }: Making) => {
  const { log, epochs, id } = inside.state
  const now = log.now()
  const keys = now === undefined ? undefined : epochs.get(now.epoch)?.keys
  if (now === undefined || keys === undefined || now.isStale) return undefined
  const unsealed = {
    version: 1,
    schemaVersion: 1,
    collection: id,
    document: documentIdOf(id, first),
    account: device.account,
    device: device.device,
    place: { seq: log.length(), chain: log.chainAt(log.length()) },
    voids: [],
    epoch: now.epoch,
    salt: world.choices.bytes(16),
    ...header,
  } as const
  const deflated = await simulationCompression.deflate(writeSnapshotContent(content))
  const plaintext = deflated.subarray(0, Math.max(1, deflated.length - cutBytes))
  const sealed = await sealSnapshot(world, keys, { header: unsealed, plaintext })
  const signer = { subtle: world.subtle, signingKey: device.identity.signing.privateKey }
  return { item: await signSnapshot(signer, sealed.header), parts: sealed.parts, signer }
}

const append = (device: SimulatedDevice, item: LogItem): void =>
  device.sendToRelays(writeClientFrame({ kind: 'append', request: foreignRequest }, [writeItem(item)]))

/** An editor's snapshot that is not true, with its parts, and his own confirmation of it. */
const putFalseSnapshot = async (world: World): Promise<void> => {
  const device = deviceOf(world, 'x1')
  const collection = anyShared(world)
  if (!device.isOnline()) device.goOnline()
  const inside = await lookInside(device, collection)
  if (inside === undefined || inside.state.judged < inside.state.log.length()) return
  const draft = draftOf(world, inside)
  if (draft.envelopes.length === 0) return
  const kind = world.choices.pick(Object.keys(falsehoods))
  const falsehood = falsehoods[kind]!(draft)
  if (falsehood?.content === undefined) return
  const { content, header = {}, cutBytes = 0 } = falsehood
  const made = await makeSnapshot(world, {
    device,
    inside,
    content,
    header: { voids: draft.voids, ...header },
    cutBytes,
  })
  if (made === undefined) return
  const { item, parts, signer } = made
  world.count(`false snapshot: ${kind}`)
  world.snapshots.set(item.id, 'false')
  append(device, item)
  const confirmation = {
    version: 1,
    collection,
    account: device.account,
    device: device.device,
    snapshot: item.id,
  } as const
  append(device, await signConfirmation(signer, confirmation))
  // The relay takes parts only when the snapshot has its place.
  world.schedule.in(3000, () => {
    for (const [part, { hash }] of item.header.parts.entries())
      device.sendToRelays(
        writeClientFrame({ kind: 'put-part', request: foreignRequest, collection, hash }, [parts[part]!]),
      )
  })
}

/** Of a place that is not on the chain, of a viewer, or with an item as void that is none of the log: a relay sees that. */
const putForbiddenSnapshot = async (world: World): Promise<void> => {
  const isViewer = world.choices.chance(0.3)
  const device = deviceOf(world, isViewer ? 'v1' : 'x1')
  const collection = anyShared(world)
  const inside = await lookInside(device, collection)
  if (inside === undefined || !device.isOnline()) return
  const { log, id } = inside.state
  const isOffChain = !isViewer && world.choices.chance(0.5)
  const header = isOffChain
    ? { place: { seq: log.length(), chain: parseChainHash(collection) } }
    : { voids: isViewer ? [] : [id as string as ItemId] }
  const content = contentOf(draftOf(world, inside).envelopes)
  const made = await makeSnapshot(world, { device, inside, content, header, cutBytes: 0 })
  if (made === undefined) return
  world.snapshots.set(made.item.id, 'forbidden')
  append(device, made.item)
}

/** Confirms what is there without having looked at it. */
const confirmBlindly = async (world: World): Promise<void> => {
  const device = deviceOf(world, 'x1')
  const inside = await lookInside(device, anyShared(world))
  const snapshots = inside?.state.log.snapshots() ?? []
  if (inside === undefined || snapshots.length === 0 || !device.isOnline()) return
  const header = {
    version: 1,
    collection: inside.state.id,
    account: device.account,
    device: device.device,
    snapshot: world.choices.pick(snapshots).id,
  } as const
  const signer = { subtle: world.subtle, signingKey: device.identity.signing.privateKey }
  const item = await signConfirmation(signer, header)
  if ((await readItem(writeItem(item))) !== undefined) append(device, item)
}

export const hostileSnapshots: readonly Action[] = [
  [6, putFalseSnapshot],
  [1.2, putForbiddenSnapshot],
  [0.5, confirmBlindly],
]
