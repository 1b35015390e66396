import { parseItemId } from '@tonestead/protocol/sync/sync-ids'
import * as z from 'zod/mini'
import type { CollectionState } from '../collection/collection-state.ts'
import { numberOfTodoKey, ownKeyPrefix, todoKeyPrefix } from '../journal-keys.ts'
import type { ReplicaContext } from '../replica-context.ts'

const intentSchema = z.object({ id: z.string(), operation: z.unknown() })
const todoSchema = z.object({ document: z.string(), intent: intentSchema })
const ownSchema = z.object({ document: z.string(), intents: z.array(intentSchema) })

/** Intents that wait to be sealed, and those of own envelopes. A damaged row stays where it is. */
export const readIntents = async (context: ReplicaContext, state: CollectionState): Promise<void> => {
  const { rows, damaged } = await context.journal.read({ table: 'intents', scope: state.id })
  if (damaged.length > 0) context.log.error('intents are damaged', { damaged: damaged.length })
  for (const { key, value } of rows) {
    const json: unknown = JSON.parse(new TextDecoder().decode(value))
    if (key.startsWith(todoKeyPrefix)) {
      const number = numberOfTodoKey(key)
      state.todo.push({ number, ...todoSchema.parse(json) })
      state.nextTodo = number + 1
    } else if (key.startsWith(ownKeyPrefix)) {
      state.own.set(parseItemId(key.slice(ownKeyPrefix.length)), ownSchema.parse(json))
    }
  }
}
