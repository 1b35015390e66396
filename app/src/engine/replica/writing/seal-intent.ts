import { decodeChange, getLastLocalChange } from '@automerge/automerge/slim'
import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import { maxPlaintextBytes, packChanges } from '@tonestead/protocol/sync/codec/changes-codec'
import { actorOf, newFeedId } from '@tonestead/protocol/sync/derived-ids'
import type { Envelope } from '@tonestead/protocol/sync/envelope'
import { keyedChangeHashes } from '@tonestead/protocol/sync/keys/epoch-keys'
import { sealBody } from '@tonestead/protocol/sync/keys/sealed-body'
import { signEnvelope } from '@tonestead/protocol/sync/keys/sign-item'
import type { ItemId } from '@tonestead/protocol/sync/sync-ids'
import { acceptBody, rebuildDocument } from '../collection/accepted-bodies.ts'
import { applyBodies } from '../collection/apply-bodies.ts'
import type { CollectionState, OwnFeed, Pending, Todo } from '../collection/collection-state.ts'
import { judgeBody } from '../collection/judge-body.ts'
import { checkAgainstLog } from '../collection/pending-verdict.ts'
import { pendingRow } from '../collection/settle.ts'
import { changeDocument } from '../documents/change-document.ts'
import { documentOfActor, type DocumentState } from '../documents/document-state.ts'
import type { Applied } from '../documents/document-rules.ts'
import { ownKey } from '../journal-keys.ts'
import { type ReplicaContext } from '../replica-context.ts'

/** What became of one intent. */
export type SealOutcome =
  | { readonly kind: 'sealed'; readonly pending: Pending }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly reason: string }

type Target = { readonly todo: Todo; readonly document: DocumentState }

/** Applies an intent to its document, and makes an envelope of the change. The turn becomes strict: an own envelope is never sent before it is durable [RP1]. */
export const sealIntent = async (
  context: ReplicaContext,
  state: CollectionState,
  { todo, document }: Target,
): Promise<SealOutcome> => {
  const { feed, salt } = nextInFeed(context, state)
  const applied = applyIntent(document, actorOf(feed.feed, document.id), todo)
  if (applied.kind !== 'applied') return applied
  const refusal = (reason: string): SealOutcome => {
    rebuildDocument(state, document)
    applyBodies(context, state)
    return { kind: 'refused', reason }
  }
  const plaintext = packBody(document, applied.change)
  if (plaintext === undefined) return refusal('intent-too-large')
  const envelope = await seal(context, state, { feed, salt, document, plaintext, change: applied.change })
  const verdict = await judgeBody(context, state, envelope)
  if (verdict.kind !== 'holds') {
    context.log.error('an own change breaks the rules of its document', {
      reason: verdict.kind === 'void' ? verdict.reason : verdict.kind,
    })
    return refusal('not-permitted')
  }
  const place = checkAgainstLog(state, envelope)
  if (place.kind !== 'ok') throw new Error(`an own envelope is refused: ${place.reason}`)
  acceptBody(state, envelope, verdict)
  document.next = document.next.filter((id) => id !== envelope.id)
  document.applied.add(envelope.id)
  state.feed = { feed: feed.feed, number: feed.number, prev: envelope.id }
  return { kind: 'sealed', pending: keep(context, state, { envelope, todo }) }
}

/** The feed and the number of the next envelope. A feed is opened at its first write, and its id binds it to device, `prev` and salt. */
const nextInFeed = (context: ReplicaContext, state: CollectionState): { feed: OwnFeed; salt: Bytes } => {
  const salt = context.random.bytes(16)
  if (state.feed !== undefined) return { feed: { ...state.feed, number: state.feed.number + 1 }, salt }
  const { device } = context.device
  const prev = lastOfDevice(state, device)
  return { feed: { feed: newFeedId({ random: () => salt }, device, prev), number: 1, prev }, salt }
}

/** [RP16] The last live envelope of the device in the collection. */
const lastOfDevice = (state: CollectionState, device: string): ItemId | undefined => {
  const pending = [...state.pending.values()].findLast(({ envelope }) => envelope.header.device === device)
  return pending?.envelope.id ?? state.log.lastOfDevice(device as Parameters<typeof state.log.lastOfDevice>[0])?.id
}

type AppliedIntent =
  | { readonly kind: 'applied'; readonly change: Bytes }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly reason: string }

const applyIntent = (document: DocumentState, actor: string, { intent }: Todo): AppliedIntent => {
  const before = documentOfActor(document, actor)
  const { after, applied } = changeDocument(document.rules, before, intent.operation)
  document.document = after
  return resultOf(applied, after === before ? undefined : getLastLocalChange(after))
}

const resultOf = (applied: Applied, made: Uint8Array | undefined): AppliedIntent => {
  if (applied.kind === 'refused') return applied
  return made === undefined ? { kind: 'unchanged' } : { kind: 'applied', change: new Uint8Array(made) }
}

/** [RP2] The name of the document, then the changes. */
const packBody = ({ name }: DocumentState, made: Bytes): Bytes | undefined => {
  const size = utf8(name).length + made.length
  return size > maxPlaintextBytes - 64 ? undefined : packChanges([utf8(name), made])
}

type Sealing = {
  readonly feed: OwnFeed
  readonly salt: Bytes
  readonly document: DocumentState
  readonly plaintext: Bytes
  readonly change: Bytes
}

const seal = async (
  context: ReplicaContext,
  state: CollectionState,
  { feed, salt, document, plaintext, change: made }: Sealing,
): Promise<Envelope> => {
  const { subtle, device } = context
  const now = state.log.now()
  const epoch = now === undefined ? undefined : state.epochs.get(now.epoch)
  const chain = state.log.chainAt(state.log.length())
  if (now === undefined || epoch === undefined) throw new Error('nothing can be sealed now')
  const { hash, deps } = decodeChange(made)
  const unsealed = {
    version: 1,
    schemaVersion: document.rules.schemaVersion,
    collection: state.id,
    document: document.id,
    account: device.account,
    device: device.device,
    ...feed,
    seen: { seq: state.log.length(), chain },
    deps: pendingDeps(state, document, { hashes: deps, feed: feed.feed }),
    epoch: now.epoch,
    changeHashes: await keyedChangeHashes({ subtle }, epoch.keys, [hash]),
    salt,
  } as const
  const { header, body } = await sealBody({ subtle }, epoch.keys, { header: unsealed, plaintext })
  return signEnvelope({ subtle, signingKey: device.signing.privateKey }, header, body)
}

/** [RP16] Pending envelopes of other feeds that the change builds on. What is in the log needs no name: `seen` covers it. */
const pendingDeps = (
  state: CollectionState,
  { index: { graph } }: DocumentState,
  { hashes, feed }: { hashes: readonly string[]; feed: string },
): readonly ItemId[] => {
  const envelopes = hashes.map((hash) => {
    const number = graph.numberOf(hash)
    return number === undefined ? undefined : graph.envelopeOf(number)
  })
  const named = envelopes.filter(
    (id) => id !== undefined && state.log.seqOf(id) === undefined && state.bodies.get(id)?.feed !== feed,
  )
  return [...new Set(named.filter((id) => id !== undefined))].toSorted()
}

const keep = (
  { turn }: ReplicaContext,
  state: CollectionState,
  { envelope, todo }: { envelope: Envelope; todo: Todo },
): Pending => {
  const pending: Pending = { envelope, origin: 'own' }
  const own = { document: todo.document, intents: [todo.intent] }
  state.pending.set(envelope.id, pending)
  state.own.set(envelope.id, own)
  const value = utf8(JSON.stringify(own))
  turn.writes.push(pendingRow(state, envelope), {
    kind: 'put',
    table: 'intents',
    scope: state.id,
    key: ownKey(envelope.id),
    value,
  })
  turn.isStrict = true
  turn.changed.add(state.id)
  return pending
}
