import type { Clock } from '../../ports/clock.ts'

/** Waits so many milliseconds, or until the signal aborts. An abort is an expected end of the wait, so it resolves too. */
export const pause = async (clock: Clock, ms: number, signal: AbortSignal): Promise<void> => {
  try {
    await clock.after(ms, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
