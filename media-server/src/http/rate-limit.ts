import { ProblemError } from '@tonestead/protocol/problem'
import type { Clock } from '../ports/clock.ts'

/** Beyond this number of callers the oldest one is forgotten, so it starts again with a full bucket. */
const maxCallers = 20_000

/** A token bucket for each caller: holds `burst` tokens and gets `perSecond` new ones. Throws a ProblemError `rate-limited` when it is empty. */
export const createRateLimit = (
  clock: Clock,
  rate: { burst: number; perSecond: number },
): ((caller: string) => void) => {
  const buckets = new Map<string, { left: number; at: number }>()
  return (caller) => {
    const now = clock.now()
    const bucket = buckets.get(caller) ?? { left: rate.burst, at: now }
    const left = Math.min(rate.burst, bucket.left + (Math.max(0, now - bucket.at) * rate.perSecond) / 1000)
    buckets.delete(caller)
    buckets.set(caller, { left: Math.max(0, left - 1), at: now })
    const oldest = buckets.keys().next()
    if (buckets.size > maxCallers && oldest.done === false) buckets.delete(oldest.value)
    if (left < 1) throw new ProblemError('rate-limited', 'Wait some seconds and try again.')
  }
}
