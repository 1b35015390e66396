import type { ScanFailure } from './void-reason.ts'

/** Reads numbers from bytes. After a failure every read gives 0 and `isDone` is true, so that loops end; the caller looks at `failure` once. */
export type ByteReader = {
  /** An unsigned or signed LEB128 integer. One above 2^53 − 1 fails. */
  readonly uint: () => number
  readonly int: () => number
  /** The next `count` bytes. */
  readonly take: (count: number) => Uint8Array
  readonly isDone: () => boolean
  readonly fail: (failure: ScanFailure) => void
  readonly failure: () => ScanFailure | undefined
}

const noBytes = new Uint8Array()

export const createByteReader = (bytes: Uint8Array): ByteReader => {
  let offset = 0
  let failure: ScanFailure | undefined
  const fail = (reason: ScanFailure): void => {
    failure ??= reason
    offset = bytes.length
  }
  const leb = (isSigned: boolean): number => {
    let value = 0
    for (let scale = 1; scale < 2 ** 56; scale *= 128) {
      const byte = bytes[offset]
      if (byte === undefined) break
      offset += 1
      value += (byte & 127) * scale
      if (byte >= 128) continue
      if (isSigned && (byte & 64) !== 0) value -= scale * 128
      if (Number.isSafeInteger(value)) return value
      break
    }
    fail('malformed')
    return 0
  }
  const take = (count: number): Uint8Array => {
    if (failure !== undefined || count > bytes.length - offset) {
      fail('malformed')
      return noBytes
    }
    offset += count
    return bytes.subarray(offset - count, offset)
  }
  return {
    uint: () => leb(false),
    int: () => leb(true),
    take,
    isDone: () => offset >= bytes.length,
    fail,
    failure: () => failure,
  }
}
