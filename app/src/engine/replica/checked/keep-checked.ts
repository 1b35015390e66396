import { getHeads, save } from '@automerge/automerge/slim'
import type { CollectionState } from '../collection/collection-state.ts'
import type { DocumentState } from '../documents/document-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import {
  documentRowKey,
  judgingVersion,
  logRowKey,
  writeDocumentRow,
  writeLogRow,
  type DocumentRow,
} from './checked-rows.ts'
import { rulesDigest } from './rules-digest.ts'

/** [CK3] So long nothing has come when checked documents are written. */
const quietMs = 20_000
/** What is judged faster than it is read: an envelope counts 1, and 1 for each KiB. */
const leastWeight = 32

/** [CK3] After a change: plans to write what was checked, in a turn of its own when nothing has come for a while. */
export const planChecked = (context: ReplicaContext, state: CollectionState): void => {
  const { checked, log } = state
  if (checked.isDue) {
    checked.isDue = false
    keepChecked(context, state)
  }
  const key = `${state.id}/checked`
  if (context.plans.has(key) || weightOf(state) < leastWeight) return
  const length = log.length()
  context.plans.set(key, context.clock.elapsedMs() + quietMs)
  context.wakeAfter(quietMs, () => {
    context.plans.delete(key)
    // A turn that failed has replaced the state. When something came meanwhile, the next plan begins.
    const now = context.collections.get(state.id)
    if (now !== undefined) now.checked.isDue = now.log.length() === length
  })
}

/** [CK2] Writes the documents as the log makes them, if nothing is pending in them. What was written before stays when it is the same. */
export const keepChecked = ({ turn, log }: ReplicaContext, state: CollectionState): void => {
  const { checked } = state
  if (weightOf(state) === 0 || !isCalm(state)) return
  if (!isOnLog(state)) checked.documents.clear()
  const seq = state.log.length()
  const documents = state.log.documents()
  const voids = new Set([...state.voids].flatMap((id) => state.log.seqOf(id) ?? []))
  for (const id of documents) {
    const count = state.log.placesOf(id).filter((place) => !voids.has(place)).length
    if (checked.documents.get(id) === count) continue
    const document = state.documents.get(id)
    const row = document === undefined ? undefined : rowOf(state, document)
    if (document === undefined || row === undefined) {
      log.warn('checked documents are not written')
      return
    }
    const value = writeDocumentRow({ ...row, saved: savedOf(document) })
    turn.writes.push({ kind: 'put', table: 'checked', scope: state.id, key: documentRowKey(id), value })
    checked.documents.set(id, count)
  }
  const chain = state.log.chainAt(seq)
  const value = writeLogRow({ version: judgingVersion, seq, chain, voids: [...voids], documents })
  turn.writes.push({ kind: 'put', table: 'checked', scope: state.id, key: logRowKey, value })
  checked.seq = seq
  checked.chain = chain
}

const savedOf = ({ document }: DocumentState): Uint8Array<ArrayBuffer> =>
  document === undefined ? new Uint8Array() : new Uint8Array(save(document))

/** Everything of the log is judged and shown, and nothing beside it. */
const isCalm = (state: CollectionState): boolean =>
  state.alarm === undefined &&
  state.judged === state.log.length() &&
  state.unread.size + state.unreadDocuments.size === 0 &&
  state.pending.size + state.waiting.size + state.aside.size === 0

const isOnLog = ({ checked, log }: CollectionState): boolean =>
  checked.seq === 0 || (checked.seq <= log.length() && log.chainAt(checked.seq) === checked.chain)

const weightOf = (state: CollectionState): number => {
  const from = isOnLog(state) ? state.checked.seq : 0
  let weight = 0
  for (let seq = from + 1; seq <= state.log.length(); seq += 1) {
    const item = state.log.at(seq)?.item
    if (item?.kind === 'envelope') weight += 1 + item.header.bodyBytes / 1_024
  }
  return weight
}

/** Undefined when the document is not what its accepted changes make: then it is made again at the next start. */
const rowOf = (state: CollectionState, { id, name, rules, document, index }: DocumentState) => {
  if (document === undefined) return undefined
  const { graph } = index
  const heads = [...graph.heads()].map(graph.hashOf).toSorted()
  if (getHeads(document).toSorted().join() !== heads.join()) return undefined
  const hashes = new Map<string, string[]>()
  for (let change = 0; change < graph.size(); change += 1) {
    const envelope = graph.envelopeOf(change)
    if (envelope === undefined) continue
    const own = hashes.get(envelope)
    if (own === undefined) hashes.set(envelope, [graph.hashOf(change)])
    else own.push(graph.hashOf(change))
  }
  const envelopes = state.log.placesOf(id).flatMap((seq) => {
    const own = hashes.get(state.log.at(seq)?.item.id ?? '')
    return own === undefined ? [] : [{ seq, hashes: own }]
  })
  return { name, rules: rulesDigest(rules), heads, envelopes } satisfies Omit<DocumentRow, 'saved'>
}
