import type { Bytes } from '@tonestead/protocol/bytes'
import { unpackChanges } from '@tonestead/protocol/sync/codec/changes-codec'
import { actorOf } from '@tonestead/protocol/sync/derived-ids'
import type { Envelope, EnvelopeHeader } from '@tonestead/protocol/sync/envelope'
import { keyedChangeHashes } from '@tonestead/protocol/sync/keys/epoch-keys'
import { openBody } from '@tonestead/protocol/sync/keys/sealed-body'
import type { ItemId } from '@tonestead/protocol/sync/sync-ids'
import { readTrustedChanges } from '../change-check/decode-change.ts'
import type { ChangeRecord } from '../change-check/operation-index/op-record.ts'
import type { VoidReason } from '../change-check/void-reason.ts'
import { documentIdOf, maxDocumentNameBytes } from '../documents/document-id.ts'
import { createDocumentState, type DocumentState } from '../documents/document-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import type { SnapshotBody } from '../snapshots/snapshot-state.ts'
import type { CollectionState, OpenEpoch } from './collection-state.ts'

/** Why a body is void: its changes, or what is around them. */
type BodyFault = VoidReason | 'sealed-wrong' | 'name-wrong' | 'hashes-wrong' | 'builds-on-void'

/**
 * `key-missing`, `body-missing`: nothing can be said yet. `unread`: of a schema that this version does not know [RP16]; never void. `holds`: what may be applied.
 */
export type BodyVerdict =
  | { readonly kind: 'key-missing' | 'body-missing' | 'unread' }
  | { readonly kind: 'void'; readonly reason: BodyFault }
  | {
      readonly kind: 'holds'
      readonly document: DocumentState
      readonly changes: readonly Bytes[]
      readonly records: readonly ChangeRecord[]
    }

const fault = (reason: BodyFault): BodyVerdict => ({ kind: 'void', reason })

/**
 * [RP10] Does the body of an envelope hold? Everything that it builds on has been judged before, so the answer follows from the log before it and is the
 * same at every replica.
 */
export const judgeBody = async (
  context: ReplicaContext,
  state: CollectionState,
  envelope: Envelope,
): Promise<BodyVerdict> => {
  const { header, body } = envelope
  const epoch = state.epochs.get(header.epoch)
  if (epoch === undefined) return { kind: 'key-missing' }
  if (buildsOnVoid(state, header)) return fault('builds-on-void')
  const known = body === undefined ? state.snapshots.bodies.get(envelope.id) : undefined
  if (known !== undefined) return judgeFromSnapshot(context, state, { header, known, epoch })
  if (body === undefined) return { kind: 'body-missing' }
  const plaintext = await openBody(context, epoch.keys, { header, body })
  const parts = plaintext === undefined ? undefined : unpackChanges(plaintext)
  const [nameBytes, ...changes] = parts ?? []
  if (nameBytes === undefined) return fault('sealed-wrong')
  const name = readName(nameBytes)
  if (name === undefined || documentIdOf(state.id, name) !== header.document) return fault('name-wrong')
  const document = findDocument(context, state, { header, name })
  if (document === undefined) return { kind: 'unread' }
  return judgeChanges(context, state, { header, document, changes, epoch })
}

type FromSnapshot = { readonly header: EnvelopeHeader; readonly known: SnapshotBody; readonly epoch: OpenEpoch }

/** [SN2] As if the body were here; what this device has checked before holds. */
const judgeFromSnapshot = async (
  context: ReplicaContext,
  state: CollectionState,
  { header, known: { name, changes, isChecked }, epoch }: FromSnapshot,
): Promise<BodyVerdict> => {
  const document = findDocument(context, state, { header, name })
  if (document === undefined) return { kind: 'unread' }
  if (!isChecked) return judgeChanges(context, state, { header, document, changes, epoch })
  return { kind: 'holds', document, changes, records: readTrustedChanges(changes) }
}

/** [RP10] What follows a void envelope in its feed, or names it, counts for nothing either. */
const buildsOnVoid = ({ voids }: CollectionState, { prev, deps, number }: EnvelopeHeader): boolean =>
  (number > 1 && prev !== undefined && voids.has(prev)) || deps.some((id) => voids.has(id))

/** [RP2] The first part of the plaintext is the name of the document, whose hash is the document's id. */
const readName = (bytes: Bytes): string | undefined => {
  if (bytes.length > maxDocumentNameBytes) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Not UTF-8: written by a hostile program.
    return undefined
  }
}

/** The document, if this version can read it; a document whose schema was unknown once stays unread until the program is a newer one. */
const findDocument = (
  { rulesOf }: ReplicaContext,
  state: CollectionState,
  { header, name }: { header: EnvelopeHeader; name: string },
): DocumentState | undefined => {
  const rules = rulesOf(name)
  if (rules === undefined || header.schemaVersion > rules.schemaVersion) state.unreadDocuments.add(header.document)
  if (rules === undefined || state.unreadDocuments.has(header.document)) return undefined
  const known = state.documents.get(header.document)
  if (known !== undefined) return known
  const made = createDocumentState({ id: header.document, name, rules })
  state.documents.set(made.id, made)
  return made
}

type Judged = {
  readonly header: EnvelopeHeader
  readonly document: DocumentState
  readonly changes: readonly Bytes[]
  readonly epoch: OpenEpoch
}

const judgeChanges = async (
  { subtle }: ReplicaContext,
  state: CollectionState,
  { header, document, changes, epoch }: Judged,
): Promise<BodyVerdict> => {
  const verdict = document.check.check({
    actor: actorOf(header.feed, header.document),
    changes,
    index: document.index,
    isPast: isPastOf(state, header),
    follows: lastHashOf(state, header),
  })
  if (verdict.kind === 'void') return fault(verdict.reason)
  const hashes = await keyedChangeHashes(
    { subtle },
    epoch.keys,
    verdict.changes.map(({ hash }) => hash),
  )
  const isNamed =
    hashes.length === header.changeHashes.length && hashes.every((hash, index) => hash === header.changeHashes[index])
  return isNamed ? { kind: 'holds', document, changes, records: verdict.changes } : fault('hashes-wrong')
}

/** [RP10] What the envelope may build on: the log up to its `seen`, its `deps`, its own feed. */
const isPastOf = (state: CollectionState, { seen, deps, feed }: EnvelopeHeader): ((id: ItemId) => boolean) => {
  const named = new Set(deps)
  return (id) => {
    const place = state.log.seqOf(id)
    return (place !== undefined && place <= seen.seq) || named.has(id) || state.bodies.get(id)?.feed === feed
  }
}

/** The last change of this document by the device, in envelopes that count. */
const lastHashOf = (state: CollectionState, { device, document }: EnvelopeHeader): string | undefined => {
  const last = state.lastOfDocument.get(`${device}/${document}`)?.at(-1)
  return last === undefined ? undefined : state.bodies.get(last)?.lastHash
}
