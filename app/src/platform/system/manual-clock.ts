import { parseUnixMs } from '@tonestead/crdt/instant'
import type { Clock } from '../../ports/clock.ts'

/** A clock that moves only by `advance`, for tests. */
export type ManualClock = Clock & { advance(ms: number): Promise<void>; setBack(ms: number): void }

export const createManualClock = (startMs = 1_800_000_000_000): ManualClock => {
  let elapsed = 0
  let wall = startMs
  const waiting = new Set<{ at: number; wake: () => void }>()

  const wait = (at: number, wake: () => void): (() => void) => {
    const entry = { at, wake }
    waiting.add(entry)
    return () => void waiting.delete(entry)
  }

  const after = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return void reject(signal.reason as Error)
      const leave = wait(elapsed + ms, resolve)
      const onAbort = (): void => {
        leave()
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', onAbort, { once: true })
    })

  const every = (ms: number, task: () => void): (() => void) => {
    let leave = (): void => undefined
    const again = (): void => {
      leave = wait(elapsed + ms, () => {
        again()
        task()
      })
    }
    again()
    return () => leave()
  }

  const advance = async (ms: number): Promise<void> => {
    const target = elapsed + ms
    for (;;) {
      // Pending work runs before time moves on.
      await new Promise((resolve) => setTimeout(resolve, 0))
      const due = [...waiting].filter((entry) => entry.at <= target).toSorted((a, b) => a.at - b.at)[0]
      wall += Math.max(0, (due?.at ?? target) - elapsed)
      elapsed = Math.max(elapsed, due?.at ?? target)
      if (due !== undefined) waiting.delete(due)
      due?.wake()
      if (due === undefined) return new Promise((resolve) => setTimeout(resolve, 0))
    }
  }

  return {
    now: () => parseUnixMs(wall),
    elapsedMs: () => elapsed,
    after,
    every,
    advance,
    setBack: (ms) => void (wall -= ms),
  }
}
