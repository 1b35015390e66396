/** Counts stereo 16-bit samples of a stream, and stores the peak of every ten milliseconds at 48 kHz. */
export type PcmMeter = {
  write(bytes: Uint8Array): void
  /** Samples per channel so far. */
  samples(): number
  /** Peaks of equal parts of the whole, 0 to 255. */
  waveform(steps: number): Uint8Array
}

const bytesPerFrame = 4
const framesPerPeak = 480

export const createPcmMeter = (): PcmMeter => {
  let bytesSeen = 0
  let incomplete = new Uint8Array(0)
  let peaks = new Uint16Array(4096)
  const peakAt = (frame: number): number => Math.floor(frame / framesPerPeak)
  const grow = (frames: number): void => {
    const needed = peakAt(frames) + 1
    if (needed <= peaks.length) return
    const larger = new Uint16Array(Math.max(needed, peaks.length * 2))
    larger.set(peaks)
    peaks = larger
  }
  const measure = (bytes: Uint8Array, firstFrame: number): void => {
    const frames = bytes.length / bytesPerFrame
    grow(firstFrame + frames)
    const samples = aligned(bytes)
    let loudest = 0
    let step = peakAt(firstFrame)
    for (let index = 0, left = framesPerPeak - (firstFrame % framesPerPeak); index < samples.length; index += 2) {
      const value = Math.max(Math.abs(samples[index] ?? 0), Math.abs(samples[index + 1] ?? 0))
      if (value > loudest) loudest = value
      left -= 1
      if (left > 0 && index + 2 < samples.length) continue
      peaks[step] = Math.max(peaks[step] ?? 0, loudest)
      step += 1
      loudest = 0
      left = framesPerPeak
    }
  }
  return {
    write: (bytes) => {
      const firstFrame = Math.floor(bytesSeen / bytesPerFrame)
      bytesSeen += bytes.length
      const joined = incomplete.length === 0 ? bytes : joinTwo(incomplete, bytes)
      const whole = joined.length - (joined.length % bytesPerFrame)
      incomplete = joined.slice(whole)
      if (whole > 0) measure(joined.subarray(0, whole), firstFrame)
    },
    samples: () => Math.floor(bytesSeen / bytesPerFrame),
    waveform: (steps) =>
      reducePeaks(peaks.subarray(0, Math.ceil(Math.floor(bytesSeen / bytesPerFrame) / framesPerPeak)), steps),
  }
}

const joinTwo = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const joined = new Uint8Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}

/** Int16Array needs an even offset, which data from a pipe may not have. All supported machines are little-endian. */
const aligned = (bytes: Uint8Array): Int16Array => {
  const even = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice()
  return new Int16Array(even.buffer, even.byteOffset, even.length / 2)
}

const reducePeaks = (peaks: Uint16Array, steps: number): Uint8Array =>
  Uint8Array.from({ length: steps }, (_, step) => {
    const from = Math.floor((step * peaks.length) / steps)
    const to = Math.max(from + 1, Math.floor(((step + 1) * peaks.length) / steps))
    let loudest = 0
    for (let index = from; index < to; index += 1) loudest = Math.max(loudest, peaks[index] ?? 0)
    return Math.min(255, Math.round((loudest / 32768) * 255))
  })
