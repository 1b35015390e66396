import { getHeads, load } from '@automerge/automerge/slim'
import type { DocumentId } from '@tonestead/protocol/sync/sync-ids'
import { noteAccepted } from '../collection/accepted-bodies.ts'
import type { CollectionState } from '../collection/collection-state.ts'
import { createDocumentState, readingActor, type AnyDocument, type DocumentState } from '../documents/document-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import {
  documentRowKey,
  logRowKey,
  readDocumentRow,
  readLogRow,
  type DocumentRow,
  type LogRow,
} from './checked-rows.ts'
import { createRestoredDocument, type RestoredDocument } from './restored-document.ts'
import { rulesDigest } from './rules-digest.ts'

/**
 * [CK1] Takes what was judged at an earlier start, if the log here begins with what was judged then. Otherwise nothing of it is used, and everything is judged again.
 * The log was loaded, and nothing of it is judged yet.
 */
export const restoreChecked = async (context: ReplicaContext, state: CollectionState): Promise<void> => {
  const { rows, damaged } = await context.journal.read({ table: 'checked', scope: state.id })
  if (rows.length + damaged.length === 0) return
  const values = new Map(rows.map(({ key, value }) => [key, value]))
  const logBytes = values.get(logRowKey)
  const log = logBytes === undefined ? undefined : readLogRow(logBytes)
  const fits = log !== undefined && log.seq <= state.log.length() && state.log.chainAt(log.seq) === log.chain
  const found = fits ? restoreAll(context, state, { log, bytesOf: (key) => values.get(key) }) : undefined
  if (log !== undefined && found !== undefined) {
    take(state, log, found)
    return
  }
  context.log.info('checked documents are not used', { rows: rows.length, damaged: damaged.length })
  context.turn.writes.push({ kind: 'delete-from', table: 'checked', scope: state.id, key: '' })
}

type Stored = { readonly log: LogRow; readonly bytesOf: (key: string) => Uint8Array<ArrayBuffer> | undefined }
type Found = {
  readonly document: DocumentState
  readonly value: AnyDocument
  readonly row: DocumentRow
  readonly restored: RestoredDocument
}

/** Undefined when one of the documents is missing or does not fit. */
const restoreAll = (
  context: ReplicaContext,
  state: CollectionState,
  { log, bytesOf }: Stored,
): readonly Found[] | undefined => {
  const known = new Set(log.documents)
  const isComplete = state.log.documents().every((id) => known.has(id) || (state.log.placesOf(id)[0] ?? 0) > log.seq)
  if (!isComplete) return undefined
  const found: Found[] = []
  for (const id of log.documents) {
    const bytes = bytesOf(documentRowKey(id))
    const row = bytes === undefined ? undefined : readDocumentRow(bytes)
    const document = row === undefined ? undefined : restoreDocument(context, state, { id, row, log })
    if (document === undefined) return undefined
    found.push(document)
  }
  return found
}

type Restoring = { readonly id: DocumentId; readonly row: DocumentRow; readonly log: LogRow }

const restoreDocument = (
  context: ReplicaContext,
  state: CollectionState,
  { id, row, log }: Restoring,
): Found | undefined => {
  const rules = context.rulesOf(row.name)
  if (rules === undefined || rulesDigest(rules) !== row.rules) return undefined
  const voids = new Set(log.voids)
  const places = state.log.placesOf(id).filter((seq) => seq <= log.seq && !voids.has(seq))
  const areSame = places.length === row.envelopes.length && row.envelopes.every(({ seq }, at) => seq === places[at])
  const value = areSame ? loadSaved(row) : undefined
  if (value === undefined) return undefined
  const envelopes = row.envelopes.flatMap(({ seq, hashes }) => {
    const item = state.log.at(seq)?.item
    return item === undefined ? [] : [{ id: item.id, hashes }]
  })
  const restored = createRestoredDocument(value, envelopes)
  return { document: createDocumentState({ id, name: row.name, rules }, restored), value, row, restored }
}

/** Undefined when the bytes are not the document that was saved. */
const loadSaved = ({ saved, heads }: DocumentRow): AnyDocument | undefined => {
  try {
    const value = load<Record<string, unknown>>(saved, { actor: readingActor })
    return getHeads(value).toSorted().join() === heads.join() ? value : undefined
  } catch {
    // Written by another version of Automerge, or damaged in a way that the checksum does not show.
    return undefined
  }
}

const take = (state: CollectionState, log: LogRow, found: readonly Found[]): void => {
  state.judged = log.seq
  for (const seq of log.voids) {
    const item = state.log.at(seq)?.item
    if (item?.kind !== 'envelope') continue
    state.voids.add(item.id)
    state.faults.set(item.id, { account: item.header.account, device: item.header.device })
  }
  for (const { document, value, row, restored } of found) {
    document.document = value
    state.documents.set(document.id, document)
    for (const { seq } of row.envelopes) takeEnvelope(state, { seq, document, restored })
    state.checked.documents.set(document.id, row.envelopes.length)
  }
  state.checked.seq = log.seq
  state.checked.chain = log.chain
}

type Taken = { readonly seq: number; readonly document: DocumentState; readonly restored: RestoredDocument }

const takeEnvelope = (state: CollectionState, { seq, document, restored }: Taken): void => {
  const item = state.log.at(seq)?.item
  if (item?.kind !== 'envelope') return
  document.applied.add(item.id)
  noteAccepted(state, item, { document: document.id, content: restored.bodyOf(item.id) })
}
