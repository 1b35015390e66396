import { utf8 } from '@tonestead/protocol/bytes'
import type { JournalWrite } from '../../../ports/journal.ts'
import { ownKey, todoKey } from '../journal-keys.ts'
import type { Intent } from '../replica.ts'
import type { ReplicaContext } from '../replica-context.ts'
import type { CollectionState, Pending, Todo } from './collection-state.ts'

/**
 * [RP14] The intents of own envelopes that are dead wait to be sealed again, in one strict transaction: one that was already there, or is in an envelope that
 * counts, is not issued twice.
 */
export const reissue = ({ turn }: ReplicaContext, state: CollectionState, dead: readonly Pending[]): void => {
  const ids = new Set(dead.map(({ envelope }) => envelope.id))
  const lost = [...state.own].filter(([id]) => ids.has(id))
  for (const [id] of lost) {
    state.own.delete(id)
    turn.writes.push({ kind: 'delete', table: 'intents', scope: state.id, key: ownKey(id) })
  }
  const live = new Set<string>([
    ...[...state.own.values()].flatMap(({ intents }) => intents.map(({ id }) => id)),
    ...state.todo.map(({ intent }) => intent.id),
  ])
  for (const [, { document, intents }] of lost)
    for (const intent of intents) if (!live.has(intent.id)) addTodo(state, turn.writes, { document, intent })
  if (lost.length > 0) turn.isStrict = true
}

/** Adds an intent to those that wait, in memory and in the journal. The caller decides whether the turn is strict. */
export const addTodo = (
  state: CollectionState,
  writes: JournalWrite[],
  { document, intent }: { document: string; intent: Intent },
): Todo => {
  const todo: Todo = { number: state.nextTodo, document, intent }
  state.nextTodo += 1
  state.todo.push(todo)
  const value = utf8(JSON.stringify({ document, intent }))
  writes.push({ kind: 'put', table: 'intents', scope: state.id, key: todoKey(todo.number), value })
  return todo
}

/** Takes an intent away that is sealed, or can never mean anything. */
export const removeTodo = (state: CollectionState, writes: JournalWrite[], { number }: Todo): void => {
  state.todo = state.todo.filter((todo) => todo.number !== number)
  writes.push({ kind: 'delete', table: 'intents', scope: state.id, key: todoKey(number) })
}
