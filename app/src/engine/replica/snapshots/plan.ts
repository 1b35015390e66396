import type { CollectionState } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'

/**
 * Has the time come for something that is to be done once, after a delay? The first call begins the delay; after it the collection is looked at again. A plan that
 * is not asked about any more has no effect.
 */
export const isTimeFor = (
  { clock, wakeAfter }: ReplicaContext,
  { snapshots: { plans } }: CollectionState,
  { what, delayMs }: { readonly what: string; readonly delayMs: () => number },
): boolean => {
  const dueMs = plans.get(what)
  if (dueMs !== undefined) return clock.elapsedMs() >= dueMs
  const waitMs = delayMs()
  plans.set(what, clock.elapsedMs() + waitMs)
  wakeAfter(waitMs, () => undefined)
  return false
}
