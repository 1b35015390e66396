import type { Clock } from '../../ports/clock.ts'

/** Runs `act` some time after it was asked for, once for all that asked meanwhile; the next run is at least as long after it. */
export const createAtMostEvery = (
  clock: Clock,
  { everyMs, onFailure }: { readonly everyMs: number; readonly onFailure: (cause: unknown) => void },
  act: () => Promise<void>,
): (() => void) => {
  let isWaiting = false
  let isAskedAgain = false
  const run = async (): Promise<void> => {
    await clock.after(everyMs, new AbortController().signal)
    isAskedAgain = false
    await act().catch(onFailure)
    isWaiting = false
    if (isAskedAgain) ask()
  }
  const ask = (): void => {
    isAskedAgain = true
    if (isWaiting) return
    isWaiting = true
    void run().catch(onFailure)
  }
  return ask
}
