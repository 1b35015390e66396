/** What a Range header asks for, of a file of known length. */
export type ByteRange =
  /** No usable Range header: answer 200 with the whole file. */
  | { readonly kind: 'whole' }
  /** First and last byte, both included, both inside the file. */
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  /** Answer 416. */
  | { readonly kind: 'unsatisfiable' }

/**
 * Parses a header that asks for one byte range (RFC 9110, 14.1.2). Several ranges, other units, an end before the start and malformed headers are
 * ignored, as the RFC allows. A range without an end goes to the end of the file: after a shorter answer WebKit believes that the file ends there.
 */
export const parseByteRange = (header: string | undefined, lengthBytes: number): ByteRange => {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '') ?? []
  if (first === '') return last === '' ? { kind: 'whole' } : suffix(Number(last), lengthBytes)
  const [start, end] = [Number(first), last === '' ? Infinity : Number(last)]
  if (end < start) return { kind: 'whole' }
  return start >= lengthBytes ? { kind: 'unsatisfiable' } : { kind: 'part', start, end: Math.min(end, lengthBytes - 1) }
}

/** The last `count` bytes. */
const suffix = (count: number, lengthBytes: number): ByteRange =>
  count === 0 || lengthBytes === 0
    ? { kind: 'unsatisfiable' }
    : { kind: 'part', start: Math.max(0, lengthBytes - count), end: lengthBytes - 1 }
