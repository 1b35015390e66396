import { parseUnixMs } from '@tonestead/crdt/instant'
import type { Clock } from '../../ports/clock.ts'

export const systemClock: Clock = {
  now: () => parseUnixMs(Date.now()),
  elapsedMs: () => performance.now(),
  after: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return void reject(signal.reason as Error)
      const onAbort = (): void => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      signal.addEventListener('abort', onAbort, { once: true })
    }),
  every: (ms, task) => {
    const timer = setInterval(task, ms)
    return () => clearInterval(timer)
  },
}
