import { utf8 } from '@tonestead/protocol/bytes'
import { mayWrite } from '@tonestead/protocol/sync/log/rights'
import type { CollectionState, Pending } from '../collection/collection-state.ts'
import { removeTodo } from '../collection/reissue.ts'
import { documentIdOf } from '../documents/document-id.ts'
import { createDocumentState, type DocumentState } from '../documents/document-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import type { EditOutcome } from '../replica.ts'
import { canSeal, mayWriteNow } from './can-seal.ts'
import { sealIntent } from './seal-intent.ts'

/** What became of the intents that were waiting, by their numbers; and the new envelopes. */
export type Sealed = { readonly outcomes: ReadonlyMap<number, EditOutcome>; readonly envelopes: readonly Pending[] }

/** [RP1] [RP21] Seals the intents that wait, in their order, as far as they can be sealed now. */
export const sealIntents = async (context: ReplicaContext, state: CollectionState): Promise<Sealed> => {
  const outcomes = new Map<number, EditOutcome>()
  const envelopes: Pending[] = []
  keepLocalCopy(context, state)
  for (const todo of [...state.todo]) {
    if (!canSeal(state, context.device)) break
    const document = findWritableDocument(context, state, todo.document)
    if (document === undefined) continue
    const missing = document.rules.needs(todo.intent.operation).filter((key) => !hasBeen(state, document, key))
    if (missing.some((key) => !isLostForEver(state, key))) continue
    const sealed =
      missing.length > 0 ? ({ kind: 'unchanged' } as const) : await sealIntent(context, state, { todo, document })
    removeTodo(state, context.turn.writes, todo)
    outcomes.set(todo.number, sealed.kind === 'sealed' ? { kind: 'kept' } : sealed)
    if (sealed.kind === 'sealed') envelopes.push(sealed.pending)
  }
  return { outcomes, envelopes }
}

/** The document, if this version can write it. */
export const findWritableDocument = (
  context: ReplicaContext,
  state: CollectionState,
  name: string,
): DocumentState | undefined => {
  const id = documentIdOf(state.id, name)
  const rules = context.rulesOf(name)
  if (rules === undefined || state.unreadDocuments.has(id)) return undefined
  const known = state.documents.get(id)
  if (known !== undefined) return known
  const made = createDocumentState({ id, name, rules })
  state.documents.set(id, made)
  return made
}

/** Was the key ever in the document, by the log or by a pending envelope? */
const hasBeen = (state: CollectionState, document: DocumentState, key: string): boolean =>
  document.entriesSeen.has(key) ||
  [...state.pending.keys()].some((id) => {
    const body = state.bodies.get(id)
    return body?.document === document.id && body.entries.includes(key)
  })

/** [RP14] Nobody will issue the entry again: its author has lost the right. */
const isLostForEver = ({ lostEntries, log }: CollectionState, key: string): boolean => {
  const author = lostEntries.get(key)
  return author !== undefined && !mayWrite(log.now(), author, log.length())
}

/** [RP14] Who is no member any more keeps what he wrote as a local copy: in the quarantine of the journal, where no later membership issues it again [RP17]. */
const keepLocalCopy = ({ device, turn }: ReplicaContext, state: CollectionState): void => {
  const now = state.log.now()
  if (now === undefined || state.todo.length === 0 || mayWriteNow(state, device) === true) return
  const wasMember = state.log
    .membershipPlaces()
    .some((seq) => state.log.stateAt(seq)?.members.get(device.account)?.devices.has(device.device))
  if (!wasMember || now.members.get(device.account)?.devices.has(device.device) === true) return
  for (const todo of [...state.todo]) {
    const value = utf8(JSON.stringify({ document: todo.document, intent: todo.intent }))
    turn.writes.push({ kind: 'put', table: 'quarantine', scope: state.id, key: `copy/${todo.intent.id}`, value })
    removeTodo(state, turn.writes, todo)
  }
  turn.isStrict = true
}
