import { concat, latin1, readUint, uint, type Bytes } from './bytes.ts'

// Boxes of ISO/IEC 14496-12.

/** Writes a box: size (4 bytes), type (4 characters), body. */
export const box = (type: string, ...body: readonly Uint8Array[]): Bytes => {
  const length = body.reduce((sum, part) => sum + part.length, 8)
  return concat(uint(length, 4), latin1(type), ...body)
}

/** Writes a box whose body begins with version (1 byte) and flags (3 bytes), given together in `flags`. */
export const fullBox = (type: string, flags: number, ...body: readonly Uint8Array[]): Bytes =>
  box(type, uint(flags, 4), ...body)

/** A box found in a file; `start` and `end` are offsets of its body, end exclusive. */
export type FoundBox = {
  readonly type: string
  readonly start: number
  readonly end: number
}

/** The boxes between two offsets, in order. Throws a RangeError when a size leads outside. */
export function* boxesIn(bytes: Uint8Array, start = 0, end = bytes.length): Generator<FoundBox> {
  for (let offset = start; offset + 8 <= end;) {
    const size = readUint(bytes, offset, 4)
    const wide = size === 1
    const length = wide ? readUint(bytes, offset + 8, 8) : size
    if (length < (wide ? 16 : 8) || offset + length > end) throw new RangeError('a box reaches beyond its parent')
    yield {
      type: String.fromCharCode(...bytes.subarray(offset + 4, offset + 8)),
      start: offset + (wide ? 16 : 8),
      end: offset + length,
    }
    offset += length
  }
}

/** The first box along a path of types; undefined when there is none. Throws a RangeError like `boxesIn`. */
export const findBox = (bytes: Uint8Array, ...path: readonly string[]): FoundBox | undefined => {
  let found: FoundBox | undefined = { type: '', start: 0, end: bytes.length }
  for (const type of path) {
    if (found === undefined) return undefined
    found = [...boxesIn(bytes, found.start, found.end)].find((child) => child.type === type)
  }
  return found
}
