import { foldText, foldWords, type FoldedWord } from '../text/fold.ts'
import { maxCharacters, maxWords, type SearchFilters } from '../request.ts'

export type ParsedQuery = {
  /** All words, also those of phrases, in order; offsets into the typed text. */
  readonly words: readonly FoldedWord[]
  /** Quoted words, which must follow one another [SL4]. */
  readonly phrases: readonly (readonly string[])[]
  readonly filters: SearchFilters
  /** The last word may be the prefix of a longer one: nothing that ends a word follows it [SQ2]. */
  readonly isLastPrefix: boolean
}

/**
 * Parses the `text` of a SearchRequest. Never fails: a filter with an invalid value is plain words, a quote without a closing quote is an ordinary
 * character. Of a filter given twice, both values must hold. Linear in the length of the text.
 */
export function parseQuery(text: string): ParsedQuery {
  const cut = text.slice(0, maxCharacters)
  const parts = partsOf(cut)
  const plain = plainOf(cut, parts)
  const all = foldWords(plain)
  const words = all.slice(0, maxWords)
  const phrases = parts
    .filter(({ kind }) => kind === 'phrase')
    .map(({ start, end }) => words.filter((word) => word.start >= start && word.end <= end).map(({ word }) => word))
  const last = words.at(-1)
  return {
    words,
    phrases: phrases.filter(({ length }) => length > 0),
    filters: parts.reduce(
      (filters, part) => (part.kind === 'filter' ? joinFilters(filters, part.filters) : filters),
      {},
    ),
    isLastPrefix: last !== undefined && all.length === words.length && !ending.test(plain.slice(last.end)),
  }
}

/** Filters that a document passes if it passes both. */
export function joinFilters(one: SearchFilters, other: SearchFilters): SearchFilters {
  return {
    artist: joinTexts(one.artist, other.artist),
    release: joinTexts(one.release, other.release),
    years: joinRanges(one.years, other.years),
    durationMs: joinRanges(one.durationMs, other.durationMs),
    isPublic: one.isPublic ?? other.isPublic,
    isLossless: one.isLossless ?? other.isLossless,
    isInLibrary: one.isInLibrary ?? other.isInLibrary,
  }
}

type Part =
  | { readonly kind: 'phrase'; readonly start: number; readonly end: number }
  | { readonly kind: 'filter'; readonly start: number; readonly end: number; readonly filters: SearchFilters }

type Range = { readonly from: number; readonly to: number }

const quotes = '"“”„＂'
const ending = new RegExp(`[\\s${quotes}]`, 'u')
const filterName = /(artist|album|release|year|is|in):/iy
const years = /^(\d{4})(?:[-–](\d{4}))?$/

/** Filters and phrases, in order. Each begins where a word can begin: "7\" and 12\" mixes" has no phrase. */
function partsOf(text: string): readonly Part[] {
  const parts: Part[] = []
  for (let at = 0; at < text.length;) {
    const part = isSpace(text, at - 1) ? (phraseAt(text, at) ?? filterAt(text, at)) : undefined
    if (part !== undefined) parts.push(part)
    at = part?.end ?? at + 1
  }
  return parts
}

const isSpace = (text: string, at: number) => at < 0 || at >= text.length || /\s/.test(text.charAt(at))
const isQuote = (text: string, at: number) => at < text.length && quotes.includes(text.charAt(at))

function phraseAt(text: string, start: number): Part | undefined {
  const close = isQuote(text, start) ? closingQuote(text, start) : undefined
  return close === undefined ? undefined : { kind: 'phrase', start, end: close + 1 }
}

function closingQuote(text: string, open: number): number | undefined {
  for (let at = open + 1; at < text.length; at++) if (isQuote(text, at) && isSpace(text, at + 1)) return at
  return undefined
}

function filterAt(text: string, start: number): Part | undefined {
  filterName.lastIndex = start
  const name = filterName.exec(text)?.[1]
  if (name === undefined) return undefined
  const from = start + name.length + 1
  const value = valueAt(text, from)
  const filters = filtersOf(name.toLowerCase(), value.text)
  return filters && { kind: 'filter', start, end: value.end, filters }
}

/** To the closing quote, the next space, or the end of the text. */
function valueAt(text: string, from: number): { readonly text: string; readonly end: number } {
  if (isQuote(text, from)) {
    const close = closingQuote(text, from) ?? text.length
    return { text: text.slice(from + 1, close), end: Math.min(close + 1, text.length) }
  }
  let end = from
  while (!isSpace(text, end)) end++
  return { text: text.slice(from, end), end }
}

/** Undefined if the filter does not know the value. */
function filtersOf(name: string, value: string): SearchFilters | undefined {
  if (name === 'year') return yearFilter(value)
  if (name === 'is') return value.toLowerCase() === 'lossless' ? { isLossless: true } : undefined
  if (name === 'in') return value.toLowerCase() === 'library' ? { isInLibrary: true } : undefined
  if (foldText(value) === '') return undefined
  return name === 'artist' ? { artist: value } : { release: value }
}

function yearFilter(value: string): SearchFilters | undefined {
  const found = years.exec(value)
  if (found === null) return undefined
  const from = Number(found[1])
  const to = Number(found[2] ?? found[1])
  return from <= to ? { years: { from, to } } : undefined
}

/** The text with spaces in place of filters and of the quotes around phrases, so that offsets stay the same. */
function plainOf(text: string, parts: readonly Part[]): string {
  let plain = ''
  for (const { kind, start, end } of parts) {
    plain += text.slice(plain.length, start)
    plain += kind === 'filter' ? ' '.repeat(end - start) : ` ${text.slice(start + 1, end - 1)} `
  }
  return plain + text.slice(plain.length)
}

function joinTexts(one: string | undefined, other: string | undefined): string | undefined {
  return one === undefined || other === undefined ? (one ?? other) : `${one} ${other}`
}

function joinRanges(one: Range | undefined, other: Range | undefined): Range | undefined {
  return one === undefined || other === undefined
    ? (one ?? other)
    : { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }
}
