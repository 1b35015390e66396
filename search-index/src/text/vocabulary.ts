import { offsetsOf } from './string-pool.ts'

/** All words, sorted by UTF-16 units, one after the other. The number of a word is its place in this order. */
export type WordUnits = { readonly units: Uint16Array<ArrayBuffer>; readonly lengths: Uint8Array<ArrayBuffer> }

/** A range of words, end exclusive. */
export type WordRange = { readonly start: number; readonly end: number }

export type Vocabulary = {
  readonly count: number
  readonly units: Uint16Array
  /** Where the units of each word begin, and after the last one where they end. */
  readonly offsets: Uint32Array
  /** Number of a word; -1: not in the vocabulary. */
  find(word: string): number
  /** All words that begin with the prefix. */
  beginningWith(prefix: string): WordRange
  get(word: number): string
}

export const writeWords = (sorted: readonly string[]): WordUnits => {
  const lengths = new Uint8Array(sorted.length)
  const units = new Uint16Array(sorted.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  sorted.forEach((word, index) => {
    lengths[index] = word.length
    for (let unit = 0; unit < word.length; unit++) units[at++] = word.charCodeAt(unit)
  })
  return { units, lengths }
}

export const createVocabulary = ({ units, lengths }: WordUnits): Vocabulary => {
  const offsets = offsetsOf(lengths)
  const count = lengths.length
  /** Negative, 0 or positive: the word sorts before the prefix, begins with it, or sorts after it. */
  const compare = (word: number, prefix: string): number => {
    const start = offsets[word] ?? 0
    const length = (offsets[word + 1] ?? 0) - start
    for (let at = 0; at < prefix.length; at++) {
      if (at >= length) return -1
      const difference = (units[start + at] ?? 0) - prefix.charCodeAt(at)
      if (difference !== 0) return difference
    }
    return 0
  }
  const firstAtLeast = (prefix: string, least: 0 | 1): number => {
    let from = 0
    let to = count
    while (from < to) {
      const middle = (from + to) >>> 1
      if (compare(middle, prefix) < least) from = middle + 1
      else to = middle
    }
    return from
  }
  const find = (word: string): number => {
    const at = firstAtLeast(word, 0)
    return at < count && (lengths[at] ?? 0) === word.length && compare(at, word) === 0 ? at : -1
  }
  return {
    count,
    units,
    offsets,
    find,
    beginningWith: (prefix) => ({ start: firstAtLeast(prefix, 0), end: firstAtLeast(prefix, 1) }),
    get: (word) => String.fromCharCode(...units.subarray(offsets[word] ?? 0, offsets[word + 1] ?? 0)),
  }
}
