import type { ReplicaContext } from '../replica-context.ts'
import { applyToDocument } from '../documents/document-state.ts'
import type { CollectionState } from './collection-state.ts'

/** [RP9] Applies what was accepted to the documents, each document in one batch. */
export const applyBodies = ({ turn }: ReplicaContext, state: CollectionState): void => {
  for (const document of state.documents.values()) {
    const next = document.next.filter((id) => state.bodies.has(id) && !document.applied.has(id))
    document.next = []
    if (next.length === 0 && document.document !== undefined) continue
    const changes = next.flatMap((id) => state.bodies.get(id)?.changes ?? [])
    applyToDocument(document, changes)
    for (const id of next) document.applied.add(id)
    turn.changed.add(state.id)
  }
}
