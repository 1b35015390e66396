export type ByteRange =
  /** No usable Range header: answer 200 with everything. */
  | { readonly kind: 'whole' }
  /** First and last byte, both included. */
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' }

/**
 * A single byte range (RFC 9110, 14.1.2). Several ranges, other units and nonsense are ignored, as the RFC allows.
 * An open end is the end of the file: a shorter answer makes WebKit believe that the file ends there.
 */
export const parseByteRange = (header: string | undefined, lengthBytes: number): ByteRange => {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '') ?? []
  if (first === '') return last === '' ? { kind: 'whole' } : suffix(Number(last), lengthBytes)
  const [start, end] = [Number(first), last === '' ? Infinity : Number(last)]
  if (end < start) return { kind: 'whole' }
  return start >= lengthBytes ? { kind: 'unsatisfiable' } : { kind: 'part', start, end: Math.min(end, lengthBytes - 1) }
}

const suffix = (count: number, lengthBytes: number): ByteRange =>
  count === 0 || lengthBytes === 0
    ? { kind: 'unsatisfiable' }
    : { kind: 'part', start: Math.max(0, lengthBytes - count), end: lengthBytes - 1 }
