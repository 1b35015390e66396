import type { Clock } from '../ports/clock.ts'
import type { Rate } from './limits.ts'

/** Beyond this number of callers the one that was seen longest ago is forgotten, so it starts again with a full bucket. */
const maxCallers = 10_000

/** A token bucket for each caller. Takes tokens, and returns false when there were too few. */
export type RateLimit = (caller: string, cost: number) => boolean

export const createRateLimit = (clock: Clock, rate: Rate): RateLimit => {
  const buckets = new Map<string, { left: number; at: number }>()
  return (caller, cost) => {
    const now = clock.now()
    const bucket = buckets.get(caller) ?? { left: rate.burst, at: now }
    const left = Math.min(rate.burst, bucket.left + (Math.max(0, now - bucket.at) * rate.perSecond) / 1000)
    buckets.delete(caller)
    buckets.set(caller, { left: Math.max(0, left - cost), at: now })
    const oldest = buckets.keys().next()
    if (buckets.size > maxCallers && oldest.done === false) buckets.delete(oldest.value)
    return left >= cost
  }
}

/** Counts what each caller has open. `enter` returns false, or the function that ends it. */
export const createConcurrencyLimit = (most: number) => {
  const open = new Map<string, number>()
  const leave = (caller: string): void => {
    const left = (open.get(caller) ?? 1) - 1
    if (left > 0) open.set(caller, left)
    else open.delete(caller)
  }
  return (caller: string): false | (() => void) => {
    const count = open.get(caller) ?? 0
    if (count >= most) return false
    open.set(caller, count + 1)
    return () => {
      leave(caller)
    }
  }
}
