import { z } from 'zod'
import type { Refused, Transcoder } from '../../ports/transcoder.ts'
import { checkProbe } from './check-probe.ts'

const numeric = z.coerce.number().catch(0)
const reportSchema = z.object({
  streams: z
    .array(
      z.object({
        codec_name: z.string().optional(),
        codec_type: z.string().optional(),
        sample_rate: numeric.optional(),
        channels: numeric.optional(),
        sample_fmt: z.string().optional(),
        bits_per_sample: numeric.optional(),
        bits_per_raw_sample: numeric.optional(),
        duration: numeric.optional(),
      }),
    )
    .default([]),
  format: z.object({ duration: numeric.optional() }).optional(),
})

type Probed = Awaited<ReturnType<Transcoder['probe']>>

/** Reads ffprobe's JSON. A duration that was only estimated from the bit rate counts as not declared. */
export const readFfprobe = (answer: { json: string; lines: readonly string[]; isFailed: boolean }): Probed => {
  const parsed = reportSchema.safeParse(parseJson(answer.json))
  if (answer.isFailed || !parsed.success) return refused('damaged', 'The file begins like audio, but cannot be opened.')
  const [stream] = parsed.data.streams
  return checkProbe({
    hasStream: stream !== undefined,
    ...soundOf(stream ?? {}),
    durationMs: 1000 * (parsed.data.format?.duration ?? stream?.duration ?? 0),
    isEstimated: answer.lines.some((line) => line.includes('Estimating duration from bitrate')),
  })
}

type FoundStream = z.infer<typeof reportSchema>['streams'][number]

const soundOf = ({
  codec_name: codec,
  sample_rate: sampleRateHz = 0,
  channels = 0,
  sample_fmt: sampleFormat = '',
  ...depth
}: FoundStream) => ({
  codec: codec === 'unknown' ? undefined : codec,
  sampleRateHz,
  channels,
  bitsPerSample: depthOf({ ...depth, sample_fmt: sampleFormat }),
  isFloat: /^(?:flt|dbl)/.test(sampleFormat),
})

const refused = (code: Refused['code'], detail?: string): Refused => ({ kind: 'refused', code, detail })

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // Expected when ffprobe was stopped: the file is refused as damaged.
    return undefined
  }
}

/** Bits per sample that the codec declares, else those of the decoded sample format. */
const depthOf = (stream: {
  bits_per_raw_sample?: number | undefined
  bits_per_sample?: number | undefined
  sample_fmt?: string | undefined
}): number => {
  const declared = stream.bits_per_raw_sample ?? 0
  if (declared > 0) return declared
  return (stream.bits_per_sample ?? 0) > 0
    ? (stream.bits_per_sample ?? 0)
    : stream.sample_fmt?.startsWith('s32') === true
      ? 24
      : 16
}
