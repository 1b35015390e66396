import type { Clock } from '../../../ports/clock.ts'

/** A token bucket for each key: it holds `burst` and gets `perSecond`. False: there is none left, and none was taken. */
export type RateGate = (key: unknown) => boolean

/** Beyond this number of keys the one that was used longest ago begins anew. */
const mostKeys = 4_096

export const createRateGate = (
  clock: Pick<Clock, 'elapsedMs'>,
  { burst, perSecond }: { readonly burst: number; readonly perSecond: number },
): RateGate => {
  const buckets = new Map<unknown, { readonly left: number; readonly atMs: number }>()
  return (key) => {
    const now = clock.elapsedMs()
    const { left, atMs } = buckets.get(key) ?? { left: burst, atMs: now }
    const filled = Math.min(burst, left + ((now - atMs) * perSecond) / 1000)
    buckets.delete(key)
    buckets.set(key, { left: filled >= 1 ? filled - 1 : filled, atMs: now })
    const [oldest] = buckets.keys()
    if (buckets.size > mostKeys) buckets.delete(oldest)
    return filled >= 1
  }
}
