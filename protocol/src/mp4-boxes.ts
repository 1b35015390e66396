import { concat, latin1, readUint, uint, type Bytes } from './bytes.ts'

// ISO/IEC 14496-12: a box is its size (4 bytes), its type (4 letters), its body.

export const box = (type: string, ...body: readonly Uint8Array[]): Bytes => {
  const length = body.reduce((sum, part) => sum + part.length, 8)
  return concat(uint(length, 4), latin1(type), ...body)
}

/** A box with version and flags. */
export const fullBox = (type: string, flags: number, ...body: readonly Uint8Array[]): Bytes =>
  box(type, uint(flags, 4), ...body)

export type FoundBox = {
  readonly type: string
  /** Offset of the body. */ readonly start: number
  readonly end: number
}

/** The boxes that follow one another between two offsets. Throws a RangeError where sizes lead outside. */
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

/** The first box along a path of types, or undefined. */
export const findBox = (bytes: Uint8Array, ...path: readonly string[]): FoundBox | undefined => {
  let found: FoundBox | undefined = { type: '', start: 0, end: bytes.length }
  for (const type of path) {
    if (found === undefined) return undefined
    found = [...boxesIn(bytes, found.start, found.end)].find((child) => child.type === type)
  }
  return found
}
