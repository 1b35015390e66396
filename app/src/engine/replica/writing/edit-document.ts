import { bringUpToDate } from '../collection/bring-up-to-date.ts'
import { addTodo } from '../collection/reissue.ts'
import type { CollectionState } from '../collection/collection-state.ts'
import type { LinkState } from '../links/link-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import type { Edit, EditOutcome } from '../replica.ts'
import { mayWriteNow } from './can-seal.ts'
import { findWritableDocument } from './seal-intents.ts'

/** [RP1] An edit is in the journal before it is shown: as an envelope if it can be sealed now, else as an intent that waits. */
export const editDocument = async (
  context: ReplicaContext,
  links: readonly LinkState[],
  { collection, document, intent }: Edit,
): Promise<EditOutcome> => {
  const state = context.collections.get(collection)
  if (state?.alarm !== undefined) return { kind: 'frozen' }
  if (state === undefined || mayWriteNow(state, context.device) === false) return { kind: 'no-right' }
  if (isIssued(state, intent.id)) return { kind: 'kept' }
  findWritableDocument(context, state, document)
  const todo = addTodo(state, context.turn.writes, { document, intent })
  context.turn.isStrict = true
  context.turn.changed.add(state.id)
  const { outcomes } = await bringUpToDate(context, links, state)
  return outcomes.get(todo.number) ?? { kind: 'waiting' }
}

/** [RP14] The same intent twice is once. */
const isIssued = ({ todo, own }: CollectionState, id: string): boolean =>
  todo.some(({ intent }) => intent.id === id) ||
  [...own.values()].some(({ intents }) => intents.some((intent) => intent.id === id))
