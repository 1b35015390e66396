import type { Refused, Transcoder } from '../../ports/transcoder.ts'
import { isLosslessSource, maxDurationMs } from './encode-plan.ts'

/** The audio stream that a tool found. `codec` is undefined when it is unknown. `isEstimated`: the duration was only estimated from the bit rate. */
export type FoundStream = {
  readonly hasStream: boolean
  readonly codec?: string | undefined
  readonly sampleRateHz: number
  readonly channels: number
  readonly bitsPerSample: number
  readonly isFloat: boolean
  readonly durationMs: number
  readonly isEstimated: boolean
}

const maxChannels = 16
const maxRateHz = 768_000

/** Decides whether a file may be decoded at all, for both transcoders. */
export const checkProbe = (found: FoundStream): Awaited<ReturnType<Transcoder['probe']>> => {
  if (!found.hasStream) return refused('no-audio-stream')
  if (found.codec === undefined) return refused('format-unsupported', 'The audio codec is not known.')
  const { sampleRateHz, channels } = found
  if (sampleRateHz < 1000 || channels < 1)
    return refused('damaged', 'The file does not declare its sample rate and channels.')
  if (channels > maxChannels || sampleRateHz > maxRateHz)
    return refused('format-unsupported', `${channels} channels at ${sampleRateHz} Hz are not supported.`)
  if (!found.isEstimated && found.durationMs > maxDurationMs)
    return refused('too-long', `The file says it lasts ${(found.durationMs / 3_600_000).toFixed(1)} hours.`)
  const sound = { codec: found.codec, sampleRateHz, channels, bitsPerSample: found.bitsPerSample }
  const isLossless = isLosslessSource({ ...sound, isFloat: found.isFloat })
  return {
    kind: 'probed',
    probe: {
      ...sound,
      declaredDurationMs: found.isEstimated || found.durationMs <= 0 ? undefined : found.durationMs,
      isLossless,
    },
  }
}

const refused = (code: Refused['code'], detail?: string): Refused => ({ kind: 'refused', code, detail })
