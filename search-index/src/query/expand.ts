// The words of a segment's vocabulary that a token matches: SPEC.md [SM1], [SM2], [SM3], [SM4].
import { createDistance, maxTypoLength, typoBudget } from '../text/distance.ts'
import type { Deletions } from './deletions.ts'
import { createOneTypoWalk } from './one-typo-walk.ts'
import { codes } from './rank.ts'
import type { Vocabulary } from '../text/vocabulary.ts'

/** A token of a reading [SQ2]. `from`, `to`: the words of the query that it was made of, end exclusive. */
export type Token = {
  readonly word: string
  readonly isPrefix: boolean
  readonly isOptional: boolean
  readonly from: number
  readonly to: number
}

/** The words of one segment that a token matches. Reused: overwritten by the next token. */
export type TokenWords = {
  /** The word equal to the token, -1 if none; and the range of words that begin with it, empty if it is no prefix token. */
  exact: number
  start: number
  end: number
  /** Words that it matches with typos, each once, in no order; their codes are in `codeOf`, which is 0 for all other words. */
  typoCount: number
  typos: Uint32Array
  readonly codeOf: Uint8Array
}

export type Expander = {
  /** Writes the words that the token matches to `into`. */
  expand(token: Token, into: TokenWords, hasTypos: boolean): void
  create(): TokenWords
}

const hasDigit = /\p{Nd}/u

export const createExpander = (vocabulary: Vocabulary, deletions: Deletions): Expander => {
  const { units, offsets } = vocabulary
  const distance = createDistance(units)
  const add = createAdder(vocabulary)
  const lengthOf = (word: number): number => (offsets[word + 1] ?? 0) - (offsets[word] ?? 0)
  const addRange = (into: TokenWords, start: number, end: number): void => {
    for (let word = start; word < end; word++) if (typoBudget(lengthOf(word)) >= 1) add(into, word, codes.typoPrefix)
  }
  const walk = createOneTypoWalk(vocabulary)

  const addNear = (token: Token, into: TokenWords): void => {
    const hasPrefix = token.isPrefix && typoBudget(token.word.length) === 2
    distance.set(token.word)
    deletions.candidates(token.word, (word) => {
      if (into.codeOf[word] === codes.typo) return
      const start = offsets[word] ?? 0
      const length = (offsets[word + 1] ?? 0) - start
      const budget = typoBudget(length)
      if (!hasPrefix && Math.abs(length - token.word.length) > budget) return
      distance.measure(start, length)
      const whole = distance.whole <= budget && distance.whole > 0 ? distance.whole * 2 + 1 : 99
      const prefix = hasPrefix && distance.prefix <= budget && distance.prefix > 0 ? distance.prefix * 2 + 2 : 99
      const code = Math.min(whole, prefix)
      if (code < 99) add(into, word, code)
    })
  }

  const expand = (token: Token, into: TokenWords, hasTypos: boolean): void => {
    clear(into)
    const { word, isPrefix } = token
    into.exact = vocabulary.find(word)
    into.start = 0
    into.end = 0
    if (isPrefix) {
      const range = vocabulary.beginningWith(word)
      into.start = range.start
      into.end = range.end
    }
    if (!hasTypos || word.length < 3 || word.length > maxTypoLength || hasDigit.test(word)) return
    addNear(token, into)
    if (isPrefix && typoBudget(word.length) >= 1)
      walk(word, (start, end) => {
        addRange(into, start, end)
      })
  }
  const create = (): TokenWords => ({
    exact: -1,
    start: 0,
    end: 0,
    typoCount: 0,
    typos: new Uint32Array(32),
    codeOf: new Uint8Array(vocabulary.count),
  })
  return { expand, create }
}

const clear = (words: TokenWords): void => {
  for (let at = 0; at < words.typoCount; at++) words.codeOf[words.typos[at] ?? 0] = 0
  words.typoCount = 0
}

/** Adds a word that matches with typos; its best code counts. Not added: words with digits [SM2], and words that the token matches without typos. */
const createAdder = ({ units, offsets }: Vocabulary): ((into: TokenWords, word: number, code: number) => void) => {
  const isNumbered = (word: number): boolean => {
    const end = offsets[word + 1] ?? 0
    for (let at = offsets[word] ?? 0; at < end; at++) {
      const unit = units[at] ?? 0
      if (unit >= 0x30 && unit <= 0x39) return true
    }
    return false
  }
  return (into, word, code) => {
    const known = into.codeOf[word] ?? 0
    if (known !== 0) {
      if (code < known) into.codeOf[word] = code
      return
    }
    if (word === into.exact || (word >= into.start && word < into.end) || isNumbered(word)) return
    if (into.typoCount === into.typos.length) into.typos = doubled(into.typos)
    into.typos[into.typoCount++] = word
    into.codeOf[word] = code
  }
}

const doubled = (words: Uint32Array): Uint32Array => {
  const larger = new Uint32Array(words.length * 2)
  larger.set(words)
  return larger
}
