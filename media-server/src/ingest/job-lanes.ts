/** Jobs of longer recordings are long ones: half an hour of audio, in milliseconds. */
export const longJobMs = 30 * 60_000

export type JobLanes = ReturnType<typeof createJobLanes>

/**
 * `workers` jobs at the same time, and besides them `workers` long ones: a job that turns out to be long leaves its place to the next file, so that long recordings
 * never hold up short ones.
 */
export const createJobLanes = (workers: number) => {
  let places = workers
  let longJobs = 0
  const waiting: (() => void)[] = []
  const releasePlace = (): void => {
    const next = waiting.shift()
    if (next === undefined) places += 1
    else next()
  }
  const takePlace = async (): Promise<void> => {
    if (places > 0) places -= 1
    else
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
      })
  }
  return {
    /** How many loops are needed to use all places. */
    loops: 2 * workers,
    /** Whether one more long job may run. */
    hasLongPlace: () => longJobs < workers,
    /** Waits for a place. `becomeLong` gives it to the next job; false when too many long jobs are running. */
    enter: async () => {
      await takePlace()
      let kind: 'short' | 'long' | 'left' = 'short'
      return {
        becomeLong: (): boolean => {
          if (kind === 'long') return true
          if (longJobs >= workers) return false
          longJobs += 1
          kind = 'long'
          releasePlace()
          return true
        },
        leave: (): void => {
          if (kind === 'long') longJobs -= 1
          if (kind === 'short') releasePlace()
          kind = 'left'
        },
      }
    },
  }
}
