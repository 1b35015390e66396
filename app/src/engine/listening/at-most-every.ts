import type { Clock } from '../../ports/clock.ts'

/** Runs `act` some time after it was asked for, once for all that asked meanwhile; the next run is at least as long after it. */
export const createAtMostEvery = (
  clock: Clock,
  { everyMs, onFailure }: { readonly everyMs: number; readonly onFailure: (cause: unknown) => void },
  act: () => Promise<void>,
): (() => void) => {
  let isWaiting = false
  let asked = 0
  const run = async (): Promise<void> => {
    await clock.after(everyMs, new AbortController().signal)
    const answered = asked
    await act().catch(onFailure)
    isWaiting = false
    if (asked > answered) start()
  }
  const start = (): void => {
    if (isWaiting) return
    isWaiting = true
    void run().catch(onFailure)
  }
  return () => {
    asked += 1
    start()
  }
}
