import { getAllChanges } from '@automerge/automerge/slim'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { ItemId } from '@tonestead/protocol/sync/sync-ids'
import { readTrustedChanges } from '../change-check/decode-change.ts'
import type { EnvelopeRecord } from '../change-check/operation-index/document-index.ts'
import type { ChangeRecord } from '../change-check/operation-index/op-record.ts'
import { entriesOf } from '../collection/accepted-bodies.ts'
import type { AcceptedBody } from '../collection/collection-state.ts'
import type { AnyDocument } from '../documents/document-state.ts'

type Body = { readonly changes: readonly Bytes[]; readonly records: readonly ChangeRecord[] }
/** The body of an envelope that was checked at an earlier start. */
type RestoredBody = Pick<AcceptedBody, 'changes' | 'lastHash' | 'entries'>

/** The changes of a document that was saved after its check. They are taken out of it at the first call: to show a document nothing of this is needed. */
export type RestoredDocument = {
  readonly bodyOf: (envelope: ItemId) => RestoredBody
  /** Of all its envelopes, in the order of the log. */
  readonly records: () => readonly EnvelopeRecord[]
  /** Keys that its changes have written. */
  readonly entries: () => readonly string[]
}

export type RestoredEnvelope = { readonly id: ItemId; readonly hashes: readonly string[] }

export const createRestoredDocument = (
  document: AnyDocument,
  envelopes: readonly RestoredEnvelope[],
): RestoredDocument => {
  let found: ReadonlyMap<ItemId, Body> | undefined
  // Not kept longer than it is needed.
  let source: AnyDocument | undefined = document
  const find = (envelope: ItemId): Body => {
    found ??= source === undefined ? new Map() : readBodies(source, envelopes)
    source = undefined
    const body = found.get(envelope)
    if (body === undefined) throw new Error('a checked document does not have one of its envelopes')
    return body
  }
  return {
    bodyOf: (envelope) => ({
      get changes() {
        return find(envelope).changes
      },
      get lastHash() {
        return find(envelope).records.at(-1)?.hash ?? ''
      },
      get entries() {
        return entriesOf(find(envelope).records)
      },
    }),
    records: () => envelopes.map(({ id }) => ({ envelope: id, changes: find(id).records })),
    entries: () => envelopes.flatMap(({ id }) => entriesOf(find(id).records)),
  }
}

const readBodies = (document: AnyDocument, envelopes: readonly RestoredEnvelope[]): Map<ItemId, Body> => {
  const changes = getAllChanges(document).map((bytes) => new Uint8Array(bytes))
  const records = readTrustedChanges(changes)
  const byHash = new Map(records.map((record, index) => [record.hash, { record, bytes: changes[index] }]))
  return new Map(
    envelopes.map(({ id, hashes }) => {
      const own = hashes.flatMap((hash) => byHash.get(hash) ?? [])
      if (own.length < hashes.length) throw new Error('a checked document does not have one of its changes')
      return [id, { changes: own.flatMap(({ bytes }) => bytes ?? []), records: own.map(({ record }) => record) }]
    }),
  )
}
