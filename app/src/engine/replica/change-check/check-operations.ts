import type { ChangeLimits } from './change-limits.ts'
import type { DecodedChange } from './decode-change.ts'
import type { EnvelopeDraft } from './envelope-draft.ts'
import { compareOpIds, opIdOf, type OpId, type OpRecord } from './operation-index/op-record.ts'
import type { ScalarValue, SchemaOperation } from './schema-operation.ts'
import type { VoidReason } from './void-reason.ts'

type OperationContext = {
  readonly draft: EnvelopeDraft
  readonly permits: (operation: SchemaOperation) => boolean
  readonly limits: ChangeLimits
}

/** The operations of a change, in order; each that is right is added to the draft. */
export const checkOperations = (
  context: OperationContext,
  { change, values }: DecodedChange,
): VoidReason | undefined => {
  for (const [index, op] of change.ops.entries()) {
    const id = opIdOf(change.startOp + index, change.actor)
    const reason =
      checkTarget(context.draft, op) ?? checkPreds(context.draft, op) ?? checkSchema(context, op, values[index])
    if (reason !== undefined) return reason
    context.draft.add(id, op)
  }
  return undefined
}

const checkTarget = (draft: EnvelopeDraft, { object, place }: OpRecord): VoidReason | undefined => {
  const action = object === '_root' ? 'makeMap' : draft.find(object)?.action
  if (action === undefined) return 'unknown-reference'
  if (action === 'set' || action === 'del') return 'wrong-target'
  if (place.kind === 'key') return action === 'makeMap' ? undefined : 'wrong-target'
  return action === 'makeMap'
    ? 'wrong-target'
    : checkElement(draft, object, place.kind === 'insert' ? place.after : place.element)
}

/** An element is named by the operation that inserted it, in the same list. `_head` is only read where something is inserted. */
const checkElement = (draft: EnvelopeDraft, object: OpId, element: OpId): VoidReason | undefined => {
  if (element === '_head') return undefined
  const op = draft.find(element)
  if (op === undefined) return 'unknown-reference'
  return op.place.kind === 'insert' && op.object === object ? undefined : 'wrong-target'
}

/**
 * An operation overwrites exactly what is visible at its place in its past, as Automerge writes it. Less would pile up values until nobody can overwrite
 * them within the limits; others make files that Automerge cannot load. A deletion of nothing would be lost in a file, and its change with it.
 */
const checkPreds = (draft: EnvelopeDraft, { action, object, place, preds }: OpRecord): VoidReason | undefined => {
  const expected = place.kind === 'insert' ? [] : draft.visibleAt(object, place)
  if (action !== 'del') return isSameSet(preds, expected) ? undefined : 'wrong-pred'
  if (place.kind === 'insert' || preds.length === 0) return 'wrong-pred'
  // Setting the value that wins a conflict is written as a deletion of the others.
  const losers = expected.toSorted(compareOpIds).slice(0, -1)
  return isSameSet(preds, expected) || isSameSet(preds, losers) ? undefined : 'wrong-pred'
}

const isSameSet = (found: readonly OpId[], expected: readonly OpId[]): boolean => {
  // Nearly all operations overwrite one or none.
  if (found.length < 2 && expected.length < 2) return found[0] === expected[0]
  const known = new Set(expected)
  const named = new Set(found)
  return named.size === found.length && named.size === known.size && found.every((id) => known.has(id))
}

const checkSchema = (
  { draft, permits, limits }: OperationContext,
  op: OpRecord,
  value: ScalarValue | undefined,
): VoidReason | undefined => {
  const container = containerOf(draft, op.object)
  const operation = container && schemaOperationOf(container, op, value)
  if (operation === undefined) return 'not-permitted'
  if (operation.container.length >= limits.maxDepth) return 'limit'
  return permits(operation) ? undefined : 'not-permitted'
}

/** Keys from the root; undefined inside a list. Objects were checked when they were made, so each is found, and the depth is limited. */
const containerOf = (draft: EnvelopeDraft, object: OpId): readonly string[] | undefined => {
  const container: string[] = []
  for (let at = object; at !== '_root';) {
    const op = draft.find(at)
    if (op?.place.kind !== 'key') return undefined
    container.unshift(op.place.key)
    at = op.object
  }
  return container
}

const made = { makeMap: 'map', makeList: 'list', makeText: 'text' } as const

const schemaOperationOf = (
  container: readonly string[],
  { action, place }: OpRecord,
  value: ScalarValue | undefined,
): SchemaOperation | undefined => {
  const key = place.kind === 'key' ? place.key : undefined
  if (action === 'del') return { container, action: 'delete', key }
  if (action !== 'set') return key === undefined ? undefined : { container, action: 'make', key, value: made[action] }
  if (value === undefined) return undefined
  return place.kind === 'insert' ? { container, action: 'insert', value } : { container, action: 'set', key, value }
}
