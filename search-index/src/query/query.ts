// From a request to tokens and to the other readings of them: SPEC.md [SQ1], [SQ2], [SQ3], [SQ4].
import { documentKinds, type DocumentKind } from '../document.ts'
import { cutWord, stopWords } from '../text/document-words.ts'
import type { Token } from './expand.ts'
import { foldWords } from '../text/fold.ts'
import { joinFilters, parseQuery } from './parse-query.ts'
import { maxCharacters, maxHits, maxOffset, type SearchFilters, type SearchRequest } from '../request.ts'
import { variantOf } from '../text/variants.ts'

/** Filters on columns as in the request; filters on words as folded words. */
type QueryFilters = Omit<SearchFilters, 'artist' | 'release'> & {
  readonly artistWords: readonly string[]
  readonly releaseWords: readonly string[]
}

/** UTF-16 offsets, end exclusive. */
export type Place = { readonly start: number; readonly end: number }

export type Query = {
  /** The typed text, cut to `maxCharacters`; and the places of its words in it. */
  readonly text: string
  readonly places: readonly Place[]
  readonly tokens: readonly Token[]
  readonly phrases: readonly (readonly string[])[]
  readonly filters: QueryFilters
  readonly hasFilters: boolean
  readonly kinds: readonly DocumentKind[]
  readonly limit: number
  readonly offset: number
  /** Version markers in the query's own words: they cost nothing [SR5]. */
  readonly variants: number
}

const optionalWords: ReadonlySet<string> = new Set([
  ...stopWords,
  'by',
  'official',
  'video',
  'audio',
  'lyrics',
  'lyric',
  'hd',
  'hq',
  'music',
])
/** In a query without words, version markers cost nothing. */
const anyVariant = 0xff
/** Further words of a filter are ignored. */
const maxFilterWords = 12

export const queryOf = (request: SearchRequest): Query => {
  const parsed = parseQuery(request.text)
  const words = parsed.words.map(({ word }) => cutWord(word))
  const isPrefix = (place: number) => place === words.length - 1 && parsed.isLastPrefix && request.isComplete !== true
  const isOptionalWord = (word: string, place: number) => (optionalWords.has(word) && !isPrefix(place)) || word === 'n'
  const hasOthers = words.some((word, place) => !isOptionalWord(word, place))
  const { artist, release, ...filters } = joinFilters(parsed.filters, request.filters ?? {})
  return {
    text: request.text.slice(0, maxCharacters),
    places: parsed.words,
    tokens: words.map((word, place) => ({
      word,
      isPrefix: isPrefix(place),
      isOptional: hasOthers && isOptionalWord(word, place),
      from: place,
      to: place + 1,
    })),
    phrases: parsed.phrases.map((phrase) => phrase.map(cutWord)),
    filters: { ...filters, artistWords: filterWords(artist), releaseWords: filterWords(release) },
    hasFilters:
      artist !== undefined || release !== undefined || Object.values(filters).some((value) => value !== undefined),
    kinds: request.kinds ?? documentKinds,
    limit: within(request.limit ?? 10, 1, maxHits),
    offset: within(request.offset ?? 0, 0, maxOffset),
    variants: words.length === 0 ? anyVariant : variantOf(words),
  }
}

const filterWords = (text: string | undefined): readonly string[] =>
  text === undefined
    ? []
    : foldWords(text.slice(0, 400))
        .slice(0, maxFilterWords)
        .map(({ word }) => cutWord(word))

/** `value` as a whole number from `least` to `most`; NaN becomes `least`. */
export const within = (value: number, least: number, most: number): number =>
  value >= least ? Math.min(Math.floor(value), most) : least

/** [SQ4] Joined first, from the left; then split, from the left. `isKnown`: some word of the index matches the token. */
export const otherReadings = (
  tokens: readonly Token[],
  isKnown: (token: Token) => boolean,
): readonly (readonly Token[])[] => {
  const readings: (readonly Token[])[] = []
  for (const [at, second] of tokens.entries()) {
    const first = tokens[at - 1]
    if (first === undefined) continue
    const joined = {
      word: cutWord(first.word + second.word),
      isPrefix: second.isPrefix,
      isOptional: false,
      from: first.from,
      to: second.to,
    }
    if (isKnown(joined)) readings.push([...tokens.slice(0, at - 1), joined, ...tokens.slice(at + 1)])
  }
  for (const [at, token] of tokens.entries()) {
    for (const parts of splitsOf(token))
      if (parts.every(isKnown)) readings.push([...tokens.slice(0, at), ...parts, ...tokens.slice(at + 1)])
  }
  return readings
}

const digits = /^\d+$/

const splitsOf = (token: Token): readonly (readonly [Token, Token])[] => {
  const splits: (readonly [Token, Token])[] = []
  for (let at = 1; at < token.word.length; at++) {
    const first = { ...token, word: token.word.slice(0, at), isPrefix: false, isOptional: false }
    const second = { ...token, word: token.word.slice(at), isOptional: false }
    if ((first.word.length > 1 && second.word.length > 1) || digits.test(first.word) || digits.test(second.word))
      splits.push([first, second])
  }
  return splits
}
