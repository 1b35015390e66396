import { clone } from '@automerge/automerge/slim'
import type { CollectionState, Todo } from '../collection/collection-state.ts'
import { changeDocument } from './change-document.ts'
import { documentIdOf } from './document-id.ts'
import { documentToRead, type AnyDocument, type DocumentState } from './document-state.ts'

/** Who writes on a clone that is thrown away: constant, so that it never names a change. */
const cloneActor = 'fe'.repeat(16)

/** [RP21] [RP1] What the documents show after a turn: what counts, and on a disposable clone the intents that wait to be sealed. */
export const showDocuments = (state: CollectionState): void => {
  const waiting = Map.groupBy(state.todo, ({ document }) => documentIdOf(state.id, document))
  for (const document of state.documents.values()) show(document, waiting.get(document.id) ?? [])
}

const show = (state: DocumentState, todo: readonly Todo[]): void => {
  const from = { document: state.document, todo: todo.map(({ number }) => number) }
  const done = shownAlready(state, from.todo)
  if (todo.length === 0) state.shown = state.document
  else if (done < todo.length) state.shown = withIntents(state, todo.slice(done), done > 0 ? state.shown : undefined)
  state.shownFrom = from
}

/**
 * How many of the intents the shown clone has already; 0: it is made anew. A device that does not meet its relay may have thousands, and each of them costs a
 * change of Automerge.
 */
const shownAlready = ({ shownFrom, document }: DocumentState, numbers: readonly number[]): number => {
  if (shownFrom === undefined || shownFrom.document !== document) return 0
  return shownFrom.todo.every((number, index) => number === numbers[index]) ? shownFrom.todo.length : 0
}

const withIntents = (state: DocumentState, todo: readonly Todo[], on: AnyDocument | undefined): AnyDocument => {
  let shown = on ?? clone(documentToRead(state), { actor: cloneActor })
  for (const { intent } of todo) shown = changeDocument(state.rules, shown, intent.operation).after
  return shown
}
