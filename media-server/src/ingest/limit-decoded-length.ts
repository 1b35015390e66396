import type { Refused, Transcoder } from '../ports/transcoder.ts'

export type LengthLimit = {
  /** Longer recordings are refused, in milliseconds of decoded audio. */
  readonly longestMs: number
  /** Called before audio of this length is decoded, and again for what a file was longer than it had declared. When it rejects, nothing is decoded. */
  readonly onLength: (decodedMs: number) => Promise<void>
}

/** Of a file that declares no length. */
const assumedMs = 5 * 60_000

/** What a file costs follows from the length of its audio, not from its size: 77 KB of FLAC can be ten hours of silence, which take an encoder for minutes. */
export const limitDecodedLength = (
  transcoder: Transcoder,
  { longestMs, onLength }: LengthLimit,
): Pick<Transcoder, 'name' | 'limits' | 'probe' | 'transcode'> => ({
  ...transcoder,
  transcode: async (request, signal) => {
    const declaredMs = request.probe.declaredDurationMs
    if (declaredMs !== undefined && declaredMs > longestMs) return tooLong(declaredMs, longestMs)
    await onLength(declaredMs ?? assumedMs)
    const made = await transcoder.transcode(request, signal)
    if (made.kind === 'refused') return made
    const [first] = made.renditions
    const decodedMs = first === undefined ? 0 : (first.totalSamples * 1000) / first.sampleRateHz
    const undeclaredMs = decodedMs - (declaredMs ?? assumedMs)
    // A second is the difference that containers and codecs make.
    if (undeclaredMs > 1000) await onLength(undeclaredMs)
    return decodedMs > longestMs ? tooLong(decodedMs, longestMs) : made
  },
})

const tooLong = (ms: number, longestMs: number): Refused => ({
  kind: 'refused',
  code: 'too-long',
  detail: `It has ${(ms / 3_600_000).toFixed(1)} hours of audio; this server takes at most ${longestMs / 3_600_000}.`,
})
