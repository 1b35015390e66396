import type { Refused } from '../../ports/transcoder.ts'
import { maxDurationMs, minDurationMs } from './encode-plan.ts'

export type Decoded = {
  readonly decodedMs: number
  readonly declaredMs: number | undefined
  readonly decodeErrors: number
  /** The tool reports that more than two thirds of the frames could not be decoded. */
  readonly isMostlyErrors: boolean
}

/** A file with less than this share of its declared duration counts as truncated. With more it is published: a listener prefers it to nothing. */
const intactShare = 0.9

/** Why decoded audio is refused; undefined when it can be published. */
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
  const declared = declaredMs === undefined ? '' : ` of ${seconds(declaredMs)} declared`
  return `${seconds(decodedMs)}${declared} could be decoded${decodeErrors > 0 ? `, with ${decodeErrors} error${decodeErrors === 1 ? '' : 's'}` : ''}.`
}
