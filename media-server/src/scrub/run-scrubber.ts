import type { ScrubDeps } from './scrubber.ts'
import { createScrubber, readScrubState } from './scrubber.ts'

export type BackgroundScrubDeps = Omit<ScrubDeps, 'wait'> & {
  /** Whether the server has had much to do since the last call. */
  readonly isBusy: () => boolean
}

/** At most 20 objects a second: about 2 MB/s of chunks. */
const objectPauseMs = 50
const busyPauseMs = 1000
/** A start has more urgent work for the disk. */
const firstPauseMs = 120_000
const recheckEveryMs = 10 * 60 * 1000
const roundEveryMs = 7 * 24 * 60 * 60 * 1000

/** Checks all objects once a week while the server runs, slowly, and not while it is busy. It goes on where it was interrupted. Resolves when `stopping` aborts. */
export const runScrubber = async (
  deps: BackgroundScrubDeps,
  onFault: (fault: unknown) => void,
  stopping: AbortSignal,
): Promise<void> => {
  const { clock, isBusy } = deps
  const wait = async (signal: AbortSignal): Promise<void> => {
    await clock.after(objectPauseMs, signal)
    while (isBusy()) await clock.after(busyPauseMs, signal)
  }
  const scrubber = createScrubber({ ...deps, wait })
  const round = async (): Promise<void> => {
    await scrubber.recheck(stopping)
    const { position, finishedAt } = await readScrubState(deps.states)
    const isDue = finishedAt === undefined || clock.now() - finishedAt >= roundEveryMs
    if (position === '' && !isDue) return
    while ((await scrubber.step(stopping)) === 'more') stopping.throwIfAborted()
  }
  try {
    for (let pauseMs = firstPauseMs; ; pauseMs = recheckEveryMs) {
      await clock.after(pauseMs, stopping)
      await round().catch((fault: unknown) => {
        if (!stopping.aborted) onFault(fault)
      })
    }
  } catch (error) {
    if (!stopping.aborted) throw error
  }
}
