// Finds candidates for words with typos without reading the whole vocabulary, as SymSpell does (W. Garbe, 2012): two words within n edits have a common
// text after deleting at most n letters from the first seven of each. Each word is stored under the hashes of its first seven letters after as many
// deletions as its typo budget allows; a token is looked up under its own such hashes. The caller measures the distance of each candidate.
import { typoBudget } from '../text/distance.ts'
import { groupNumbers } from '../segment/group-numbers.ts'
import type { Vocabulary } from '../text/vocabulary.ts'

const maxLetters = 7

/** Calls `visit` with each word that may be within its typo budget of the token; some twice, and many that are not. */
export type Deletions = { candidates(token: string, visit: (word: number) => void): void }

export const createDeletions = (vocabulary: Vocabulary): Deletions => {
  const { count: words } = vocabulary
  let buckets = 16
  while (buckets < words * 8) buckets *= 2
  const hashes = createHashes()
  const { starts, numbers: entries } = groupNumbers(buckets, (add) => {
    for (let word = 0; word < words; word++) {
      const count = hashes.ofWord(vocabulary, word)
      for (let at = 0; at < count; at++) add((hashes.list[at] ?? 0) & (buckets - 1), word)
    }
  })
  const candidates = (token: string, visit: (word: number) => void): void => {
    const count = hashes.ofToken(token)
    for (let at = 0; at < count; at++) {
      const bucket = (hashes.list[at] ?? 0) & (buckets - 1)
      const end = starts[bucket + 1] ?? 0
      for (let entry = starts[bucket] ?? 0; entry < end; entry++) visit(entries[entry] ?? 0)
    }
  }
  return { candidates }
}

const createHashes = () => {
  const letters = new Uint16Array(maxLetters)
  const list = new Uint32Array(1 + maxLetters + (maxLetters * (maxLetters - 1)) / 2)
  /** Hash of the first `length` letters without those at two places; a place after the end removes none. */
  const hashWithout = (length: number, one: number, other: number): number => {
    let hash = 0x811c9dc5
    for (let at = 0; at < length; at++)
      if (at !== one && at !== other) hash = Math.imul(hash ^ (letters[at] ?? 0), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    return (hash ^ (hash >>> 12)) >>> 0
  }
  const hashAll = (length: number, deletions: number): number => {
    let count = 0
    list[count++] = hashWithout(length, length, length)
    for (let one = 0; one < length; one++) {
      list[count++] = hashWithout(length, one, length)
      for (let other = deletions > 1 ? one + 1 : length; other < length; other++)
        list[count++] = hashWithout(length, one, other)
    }
    return count
  }
  const ofWord = ({ units, offsets }: Vocabulary, word: number): number => {
    const start = offsets[word] ?? 0
    const whole = (offsets[word + 1] ?? 0) - start
    const budget = typoBudget(whole)
    if (budget === 0) return 0
    const length = Math.min(whole, maxLetters)
    for (let at = 0; at < length; at++) letters[at] = units[start + at] ?? 0
    return hashAll(length, budget)
  }
  /** A token of less than six letters is never two typos from a word that allows two (8 letters or more). */
  const ofToken = (token: string): number => {
    const length = Math.min(token.length, maxLetters)
    for (let at = 0; at < length; at++) letters[at] = token.charCodeAt(at)
    return hashAll(length, token.length < 6 ? 1 : 2)
  }
  return { list, ofWord, ofToken }
}
