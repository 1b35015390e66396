// Strings, each stored once as bytes and numbered in the order of their first use: no object for each string.
import { createHashSlots } from '../segment/hash-slots.ts'
import { hashOf } from '../segment/id-table.ts'
import { createStringWriter, decodeText, type StringBytes } from './string-pool.ts'

export type InternedStrings = {
  readonly of: (text: string) => number
  readonly get: (number: number) => string
  readonly count: () => number
  /** Negative, 0 or positive, by the order of UTF-16 units. */
  readonly compare: (one: number, other: number) => number
  /** The strings with these numbers, in this order. */
  readonly pick: (order: Uint32Array) => StringBytes
}

export const createInternedStrings = (): InternedStrings => {
  const writer = createStringWriter()
  const slots = createHashSlots()
  const of = (text: string): number => {
    const added = writer.add(text)
    const start = writer.startOf(added)
    const hash = hashOf(writer.bytes(), start, writer.startOf(added + 1))
    const found = slots.find(hash, (number) => isSame(number, added))
    if (found < 0) {
      slots.add(hash)
      return added
    }
    writer.dropLast()
    return found
  }
  const isSame = (one: number, other: number): boolean =>
    firstDifference(one, other) < 0 && lengthOf(one) === lengthOf(other)
  const lengthOf = (number: number): number => writer.startOf(number + 1) - writer.startOf(number)
  /** -1: one begins with the other. */
  const firstDifference = (one: number, other: number): number => {
    const bytes = writer.bytes()
    const oneAt = writer.startOf(one)
    const otherAt = writer.startOf(other)
    const length = Math.min(lengthOf(one), lengthOf(other))
    for (let at = 0; at < length; at++) if (bytes[oneAt + at] !== bytes[otherAt + at]) return at
    return -1
  }
  const get = (number: number): string => decodeText(writer.bytes(), writer.startOf(number), writer.startOf(number + 1))
  const compare = (one: number, other: number): number => {
    const at = firstDifference(one, other)
    if (at < 0) return lengthOf(one) - lengthOf(other)
    const oneByte = writer.bytes()[writer.startOf(one) + at] ?? 0
    const otherByte = writer.bytes()[writer.startOf(other) + at] ?? 0
    // The order of bytes differs from that of UTF-16 units only from U+D800 on.
    if (oneByte < 0xed || otherByte < 0xed) return oneByte - otherByte
    return get(one) < get(other) ? -1 : 1
  }
  return { of, get, count: writer.count, compare, pick: writer.pick }
}
