import { change, clone } from '@automerge/automerge/slim'
import type { CollectionState } from '../collection/collection-state.ts'
import { documentIdOf } from './document-id.ts'
import { documentToRead, type AnyDocument, type DocumentState } from './document-state.ts'

/** Who writes on a clone that is thrown away: constant, so that it never names a change. */
const cloneActor = 'fe'.repeat(16)

/** [RP21] [RP1] What the documents show after a turn: what counts, and on a disposable clone the intents that wait to be sealed. */
export const showDocuments = (state: CollectionState): void => {
  const waiting = Map.groupBy(state.todo, ({ document }) => documentIdOf(state.id, document))
  for (const document of state.documents.values()) {
    const todo = waiting.get(document.id) ?? []
    const operations = todo.map(({ intent }) => intent.operation)
    document.shown = operations.length === 0 ? document.document : withIntents(document, operations)
  }
}

const withIntents = (state: DocumentState, operations: readonly unknown[]): AnyDocument => {
  let shown = clone(documentToRead(state), { actor: cloneActor })
  for (const operation of operations) {
    const before = shown
    shown = change(before, { time: 0 }, (draft) => void state.rules.apply({ draft, before, operation }))
  }
  return shown
}
