import { parseCollectionId } from '@tonestead/protocol/sync/sync-ids'
import { showDocuments } from '../documents/show-documents.ts'
import { findWritableDocument } from '../writing/seal-intents.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { loadCollection } from './load-collection.ts'

/** Makes everything in memory from the journal. */
export const loadReplica = async (context: ReplicaContext): Promise<void> => {
  context.collections.clear()
  for (const scope of await context.journal.scopes()) {
    const id = parseCollectionId(scope)
    const state = await loadCollection(context, id)
    context.collections.set(id, state)
    context.turn.changed.add(id)
    for (const { document } of state.todo) findWritableDocument(context, state, document)
    showDocuments(state)
  }
  context.hasNewKeys = true
}
