import type { CollectionState } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'

/**
 * Has the time come for something that is to be done once, after a delay? The first call begins the delay; after it the collection is looked at again. A plan that
 * is not asked about any more has no effect.
 */
export const isTimeFor = (
  { clock, wakeAfter, plans }: ReplicaContext,
  { id }: CollectionState,
  { what, delayMs }: { readonly what: string; readonly delayMs: () => number },
): boolean => {
  const key = `${id}/${what}`
  const dueMs = plans.get(key)
  if (dueMs !== undefined) return clock.elapsedMs() >= dueMs
  const waitMs = delayMs()
  plans.set(key, clock.elapsedMs() + waitMs)
  wakeAfter(waitMs, () => undefined)
  return false
}

/** The next call of `isTimeFor` begins a new delay. */
export const endPlan = ({ plans }: ReplicaContext, { id }: CollectionState, what: string): void =>
  void plans.delete(`${id}/${what}`)
