import type { Refused } from '../../ports/transcoder.ts'
import { maxDurationMs, minDurationMs } from './encode-plan.ts'

export type Decoded = {
  readonly decodedMs: number
  readonly declaredMs: number | undefined
  readonly decodeErrors: number
  /** More than two thirds of the frames did not decode: the tool's own verdict. */
  readonly isMostlyErrors: boolean
}

/** Below this share of what the file promises it counts as broken off; above, a listener would rather have it. */
const intactShare = 0.9

/** Undefined: there is enough sound to publish. */
export const checkDecoding = (decoded: Decoded): Refused | undefined => {
  const detail = describe(decoded)
  if (decoded.decodedMs > maxDurationMs) return { kind: 'refused', code: 'too-long', detail }
  if (decoded.isMostlyErrors) return { kind: 'refused', code: 'damaged', detail }
  const isMissingMuch =
    decoded.declaredMs !== undefined && decoded.decodedMs < decoded.declaredMs * intactShare - minDurationMs
  if (decoded.decodedMs < minDurationMs)
    return { kind: 'refused', code: decoded.decodeErrors > 0 || isMissingMuch ? 'damaged' : 'too-short', detail }
  return isMissingMuch ? { kind: 'refused', code: 'truncated', detail } : undefined
}

const describe = ({ decodedMs, declaredMs, decodeErrors }: Decoded): string => {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
  const promised = declaredMs === undefined ? '' : ` of ${seconds(declaredMs)} promised`
  return `${seconds(decodedMs)}${promised} could be decoded${decodeErrors > 0 ? `, with ${decodeErrors} complaint${decodeErrors === 1 ? '' : 's'}` : ''}.`
}
