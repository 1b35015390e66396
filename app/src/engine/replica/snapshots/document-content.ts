import type { Envelope } from '@tonestead/protocol/sync/envelope'
import { writeSnapshotContent } from '@tonestead/protocol/sync/codec/snapshot-content'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { DocumentId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { CollectionState } from '../collection/collection-state.ts'

/** The envelopes of a document in the log up to a place, in order. */
export const envelopesUpTo = ({ log }: CollectionState, document: DocumentId, upTo: number): readonly Envelope[] =>
  log.placesOf(document).flatMap((seq) => {
    const item = seq <= upTo ? log.at(seq)?.item : undefined
    return item?.kind === 'envelope' ? [item] : []
  })

/** A document as of a place: `bytes` and `voids` are what a true snapshot of it holds and names. */
export type DocumentContent = { readonly bytes: Bytes; readonly voids: readonly ItemId[] }

/** [SN1] Follows from the log alone. Undefined when an envelope up to the place is not judged, or cannot be read by this version. */
export const contentUpTo = (
  state: CollectionState,
  { document, upTo }: { readonly document: DocumentId; readonly upTo: number },
): DocumentContent | undefined => {
  const name = state.documents.get(document)?.name
  if (name === undefined || state.judged < upTo || state.unreadDocuments.has(document)) return undefined
  const all = envelopesUpTo(state, document, upTo)
  const counting = all.filter(({ id }) => !state.voids.has(id))
  const bodies = counting.flatMap(({ id }) => state.bodies.get(id) ?? [])
  if (bodies.length < counting.length) return undefined
  return {
    bytes: writeSnapshotContent({ name, envelopes: bodies.map(({ changes }) => changes) }),
    voids: all.flatMap(({ id }) => (state.voids.has(id) ? [id] : [])).toSorted(),
  }
}
