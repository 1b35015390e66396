/** [ST11] The throughput of the network, measured on the transfers of chunks. */
export type Throughput = {
  add(sample: { sizeBytes: number; durationMs: number }): void
  /** Bits per second; undefined until something was measured. */
  bitsPerSecond(): number | undefined
}

// Two exponential averages weighted by transfer time; the lower one counts, as in Shaka Player's EwmaBandwidthEstimator and hls.js
// (src/utils/ewma-bandwidth-estimator.ts): the fast one follows a drop at once, the slow one ignores a short peak.
const halfLifeSeconds = [2, 5] as const
/** Transfers smaller than this measure latency, not bandwidth. */
const leastBytes = 8 * 1024
/** Otherwise a transfer from an HTTP cache would count as infinite. */
const leastDurationMs = 5

export const createThroughput = (): Throughput => {
  const averages = halfLifeSeconds.map(createAverage)
  return {
    add: ({ sizeBytes, durationMs }) => {
      if (sizeBytes < leastBytes) return
      const seconds = Math.max(leastDurationMs, durationMs) / 1000
      for (const average of averages) average.add(seconds, (sizeBytes * 8) / seconds)
    },
    bitsPerSecond: () => {
      const values = averages.map((average) => average.value()).filter((value) => value !== undefined)
      return values.length === 0 ? undefined : Math.min(...values)
    },
  }
}

const createAverage = (halfLife: number) => {
  let estimate = 0
  let weight = 0
  return {
    add: (seconds: number, value: number): void => {
      const keep = 0.5 ** (seconds / halfLife)
      estimate = value * (1 - keep) + keep * estimate
      weight += seconds
    },
    /** Corrected for the start at zero. */
    value: (): number | undefined => (weight === 0 ? undefined : estimate / (1 - 0.5 ** (weight / halfLife))),
  }
}
