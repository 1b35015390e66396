import type { Envelope } from '@tonestead/protocol/sync/envelope'
import type { DocumentId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import { indexWithout } from '../change-check/operation-index/document-index.ts'
import type { ChangeRecord } from '../change-check/operation-index/op-record.ts'
import { forgetDocument, type DocumentState } from '../documents/document-state.ts'
import type { AcceptedBody, CollectionState } from './collection-state.ts'
import type { BodyVerdict } from './judge-body.ts'

type Holding = Extract<BodyVerdict, { kind: 'holds' }>

/** Takes a body that holds: it will be applied to its document, and later bodies may build on it. */
export const acceptBody = (state: CollectionState, { id, header }: Envelope, body: Holding): void => {
  const { document, changes, records } = body
  document.index.add({ envelope: id, changes: records })
  document.next.push(id)
  const content = { changes, lastHash: records.at(-1)?.hash ?? '', entries: entriesOf(records) }
  noteAccepted(state, { id, header }, { document: document.id, content })
}

type Content = Pick<AcceptedBody, 'changes' | 'lastHash' | 'entries'>
type Accepted = { readonly document: DocumentId; readonly content: Content }

/** Notes a body that counts, whose changes are in the index of its document. */
export const noteAccepted = (
  state: CollectionState,
  { id, header: { feed, account, device } }: Pick<Envelope, 'id' | 'header'>,
  { document, content }: Accepted,
): void => {
  // Getters of a restored body stay getters.
  state.bodies.set(id, Object.assign(content, { document, feed, account, device }))
  const key = `${device}/${document}`
  const before = state.lastOfDocument.get(key)
  if (before === undefined) state.lastOfDocument.set(key, [id])
  else before.push(id)
}

/** Keys of maps that the changes write. */
export const entriesOf = (records: readonly ChangeRecord[]): readonly string[] => [
  ...new Set(
    records.flatMap(({ ops }) =>
      ops.flatMap(({ action, place }) => (place.kind === 'key' && action !== 'del' ? [place.key] : [])),
    ),
  ),
]

/**
 * [RP14] Takes bodies away that never count, or whose place was cut off; what builds on them must be among them. Their documents are made again from what is
 * left, as are the indexes.
 */
export const dropBodies = (state: CollectionState, ids: readonly ItemId[]): void => {
  const dropped = new Set(ids.filter((id) => state.bodies.has(id)))
  const touched = new Set([...dropped].map((id) => state.bodies.get(id)?.document))
  for (const id of dropped) {
    const body = state.bodies.get(id)
    if (body === undefined) continue
    const key = `${body.device}/${body.document}`
    state.lastOfDocument.set(
      key,
      (state.lastOfDocument.get(key) ?? []).filter((other) => other !== id),
    )
    state.bodies.delete(id)
  }
  for (const id of touched) {
    const document = id === undefined ? undefined : state.documents.get(id)
    if (document === undefined) continue
    document.index = indexWithout(document.index, dropped)
    rebuildDocument(state, document)
  }
}

/** [RP14] The document will be made again, in one batch, from everything that counts; what was made before is thrown away. */
export const rebuildDocument = (state: CollectionState, document: DocumentState): void => {
  forgetDocument(document)
  document.next = inOrder(state).filter((id) => state.bodies.get(id)?.document === document.id)
}

/** Everything that counts, in the order in which it can be applied: the log, then pending envelopes as they came. */
const inOrder = (state: CollectionState): ItemId[] => {
  const logged: ItemId[] = []
  for (let seq = 1; seq <= state.log.length(); seq += 1) {
    const id = state.log.at(seq)?.item.id
    if (id !== undefined && state.bodies.has(id)) logged.push(id)
  }
  return [...logged, ...[...state.pending.keys()].filter((id) => state.bodies.has(id))]
}
