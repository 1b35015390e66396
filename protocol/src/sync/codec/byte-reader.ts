import { readUint, type Bytes } from '../../bytes.ts'
import { syncIdBytes, syncIdOfBytes } from '../sync-ids.ts'

/** Bytes that are not of the expected format, or beyond its limits. Only `readOr` catches it. */
export class FormatError extends Error {
  readonly code = 'malformed'
}

/** Throws a FormatError that says what was expected. */
export function requireThat(isTrue: boolean, expected: string): asserts isTrue {
  if (!isTrue) throw new FormatError(expected)
}

/** Reads fields one after the other; throws a FormatError past the end. */
export type ByteReader = {
  readonly uint: (sizeBytes: 1 | 2 | 4 | 6) => number
  /** A view of the next bytes. */
  readonly take: (length: number) => Bytes
  /** 32 bytes, as the text of an id. */
  readonly id: () => string
  /** How many bytes have been read. */
  readonly offset: () => number
  /** Throws a FormatError when bytes are left. */
  readonly end: () => void
}

/** Reads from the beginning of `bytes`. */
export const createByteReader = (bytes: Bytes): ByteReader => {
  let offset = 0
  const take = (length: number): Bytes => {
    requireThat(offset + length <= bytes.length, 'more bytes')
    offset += length
    return bytes.subarray(offset - length, offset)
  }
  return {
    uint: (sizeBytes) => readUint(take(sizeBytes), 0, sizeBytes),
    take,
    id: () => syncIdOfBytes(take(syncIdBytes)),
    offset: () => offset,
    end: () => requireThat(offset === bytes.length, 'nothing more'),
  }
}

/** What `read` gives; undefined when the bytes are not of its format. Other errors are faults and go on. */
export const readOr = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch (error) {
    if (error instanceof FormatError) return undefined
    throw error
  }
}

/** A list of `count` values, read in order. The caller has checked `count` against a limit. */
export const readList = <T>(count: number, read: () => T): T[] => Array.from({ length: count }, read)

/** Throws a FormatError unless the texts ascend (by UTF-16 units, that is ASCII) without doubles. */
export const requireAscending = (texts: readonly string[]): void =>
  texts.forEach((text, index) => {
    const before = texts[index - 1]
    requireThat(before === undefined || before < text, 'ascending ids without doubles')
  })
