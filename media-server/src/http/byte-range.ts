/** A single range of bytes, both ends included. */
export type ByteRange = { readonly first: number; readonly last: number }

/** RFC 9110, section 14: a header that is not a single range of bytes is ignored (the whole file is sent); a range outside of the file is unsatisfiable. */
export const parseByteRange = (header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' => {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (from === undefined || to === undefined || from + to === '') return 'whole'
  return from === '' ? lastBytes(Number(to), size) : between(Number(from), to === '' ? size - 1 : Number(to), size)
}

const lastBytes = (count: number, size: number): ByteRange | 'unsatisfiable' =>
  count === 0 || size === 0 ? 'unsatisfiable' : { first: Math.max(0, size - count), last: size - 1 }

/** A range that ends before it begins is invalid and ignored; one that begins after the end of the file is unsatisfiable. */
const between = (first: number, last: number, size: number): ByteRange | 'whole' | 'unsatisfiable' => {
  if (first >= size) return 'unsatisfiable'
  return last < first ? 'whole' : { first, last: Math.min(last, size - 1) }
}
