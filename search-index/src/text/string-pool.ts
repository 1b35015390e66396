// Strings in one array of bytes, one after the other, so that half a million of them are one object. The bytes are UTF-8, with unpaired surrogates encoded
// like characters (WTF-8), so that every JavaScript string is restored exactly.

export type StringBytes = {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Length of each string in bytes. */ readonly lengths: Uint32Array<ArrayBuffer>
}
export type StringWriter = {
  /** Returns the string's number: 0, 1, 2 … */
  readonly add: (text: string) => number
  /** Removes the last string. */
  readonly dropLast: () => void
  readonly count: () => number
  /** Where the bytes of a string begin; for the number after the last string, where its bytes end. */
  readonly startOf: (number: number) => number
  /** Valid until the next string is added. */
  readonly bytes: () => Uint8Array
  /** The strings with these numbers, in this order. */
  readonly pick: (order: Uint32Array) => StringBytes
}
export type StringPool = {
  get(index: number): string
  readonly count: number
  readonly bytes: Uint8Array
  /** Where the bytes of each string begin, and after the last one where they end. */
  readonly offsets: Uint32Array
}

export const createStringWriter = (): StringWriter => {
  let bytes = new Uint8Array(1024)
  /** ends[number + 1]: where the bytes of a string end. */
  let ends = new Uint32Array(64)
  let count = 0
  const startOf = (number: number): number => ends[number] ?? 0
  const add = (text: string): number => {
    const start = startOf(count)
    if (start + text.length * 3 > bytes.length) bytes = grown(bytes, start + text.length * 3)
    if (count + 1 === ends.length) ends = grownWords(ends)
    ends[++count] = encode(text, bytes, start)
    return count - 1
  }
  const pick = (order: Uint32Array): StringBytes => {
    const lengths = order.map((number) => startOf(number + 1) - startOf(number))
    const picked = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
    let at = 0
    for (const number of order)
      for (let from = startOf(number); from < startOf(number + 1); from++) picked[at++] = bytes[from] ?? 0
    return { bytes: picked, lengths }
  }
  const dropLast = (): void => {
    count--
  }
  return { add, dropLast, count: () => count, startOf, bytes: () => bytes, pick }
}

const grown = (bytes: Uint8Array<ArrayBuffer>, least: number) => {
  const larger = new Uint8Array(Math.max(least, Math.ceil(bytes.length * 1.6)))
  larger.set(bytes)
  return larger
}

const grownWords = (words: Uint32Array<ArrayBuffer>) => {
  const larger = new Uint32Array(words.length * 2)
  larger.set(words)
  return larger
}

/** Bytes of one text. */
export const encodeText = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length * 3)
  return bytes.subarray(0, encode(text, bytes, 0))
}

/** Writes the text at `at`; returns where it ends. */
const encode = (text: string, bytes: Uint8Array, at: number): number => {
  let end = at
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) bytes[end++] = unit
    else if (unit < 0x800) {
      bytes[end++] = 0xc0 | (unit >> 6)
      bytes[end++] = 0x80 | (unit & 63)
    } else {
      const code = text.codePointAt(index) ?? unit
      if (code > 0xffff) {
        index++
        bytes[end++] = 0xf0 | (code >> 18)
        bytes[end++] = 0x80 | ((code >> 12) & 63)
      } else bytes[end++] = 0xe0 | (code >> 12)
      bytes[end++] = 0x80 | ((code >> 6) & 63)
      bytes[end++] = 0x80 | (code & 63)
    }
  }
  return end
}

const isAscii = (bytes: Uint8Array, start: number, end: number): boolean => {
  for (let at = start; at < end; at++) if ((bytes[at] ?? 0) > 0x7f) return false
  return true
}

export const decodeText = (bytes: Uint8Array, start: number, end: number): string => {
  if (end - start < 500 && isAscii(bytes, start, end)) return String.fromCharCode(...bytes.subarray(start, end))
  let text = ''
  for (let at = start; at < end;) {
    const first = bytes[at] ?? 0
    const next = (offset: number) => (bytes[at + offset] ?? 0) & 63
    if (first < 0x80) text += String.fromCharCode(first)
    else if (first < 0xe0) text += String.fromCharCode(((first & 31) << 6) | next(1))
    else if (first < 0xf0) text += String.fromCharCode(((first & 15) << 12) | (next(1) << 6) | next(2))
    else text += String.fromCodePoint((((first & 7) << 18) | (next(1) << 12) | (next(2) << 6) | next(3)) % 0x110000)
    at += first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  }
  return text
}

export const createStringPool = ({ bytes, lengths }: StringBytes): StringPool => {
  const offsets = offsetsOf(lengths)
  return {
    count: lengths.length,
    bytes,
    offsets,
    get: (index) => decodeText(bytes, offsets[index] ?? 0, offsets[index + 1] ?? 0),
  }
}

/** Prefix sums: where each part begins when parts of these lengths follow one another, and after the last one where it ends. */
export const offsetsOf = (lengths: Uint8Array | Uint16Array | Uint32Array): Uint32Array => {
  const offsets = new Uint32Array(lengths.length + 1)
  let end = 0
  for (let index = 0; index < lengths.length; index++) offsets[index + 1] = end += lengths[index] ?? 0
  return offsets
}
