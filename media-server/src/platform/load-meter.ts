import { performance } from 'node:perf_hooks'

/** Above this share of time the event loop has enough to do with requests. */
const busyShare = 0.3

/** Returns a function that says whether the event loop was busy since its last call. */
export const createLoadMeter = (): (() => boolean) => {
  let last = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization > busyShare
  }
}
