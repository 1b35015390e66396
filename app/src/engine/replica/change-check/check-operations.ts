import type { ChangeLimits } from './change-limits.ts'
import type { DecodedChange } from './decode-change.ts'
import type { EnvelopeDraft } from './envelope-draft.ts'
import { compareOpIds, opIdOf, type OpId, type OpRecord } from './op-record.ts'
import type { PathStep, PermittedOperation, ScalarValue } from './permitted-operation.ts'
import type { VoidReason } from './void-reason.ts'

type OperationContext = {
  readonly draft: EnvelopeDraft
  readonly permits: (operation: PermittedOperation) => boolean
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
  const known = new Set(expected)
  const named = new Set(found)
  return named.size === found.length && named.size === known.size && found.every((id) => known.has(id))
}

const checkSchema = (
  { draft, permits, limits }: OperationContext,
  op: OpRecord,
  value: ScalarValue | undefined,
): VoidReason | undefined => {
  const path = pathOf(draft, op, limits.maxDepth)
  if (path === undefined) return 'limit'
  const isInsert = op.place.kind === 'insert'
  return permits({ path, action: op.action, isInsert, value }) ? undefined : 'not-permitted'
}

/** From the root; undefined if it is longer than the limit. Objects were checked when they were made, so each is found. */
const pathOf = (draft: EnvelopeDraft, op: OpRecord, maxDepth: number): readonly PathStep[] | undefined => {
  const path: PathStep[] = []
  for (let at: OpRecord | undefined = op; at !== undefined; at = draft.find(at.object)) {
    if (path.length > maxDepth) return undefined
    path.unshift(at.place.kind === 'key' ? at.place : { kind: 'element' })
  }
  return path
}
