// A reference implementation of SPEC.md in the simplest way: each rule by its id, every document compared, no bounds. Only for small catalogs.
// It shares with the index only folding, parsing, marking, the words of a document [SD1] to [SD6], and the ranking [SR].
import type { HitGroup, Match, SearchAnswer, SearchHit } from './answer.ts'
import { documentKinds, type DocumentKind, type SearchDocument } from './document.ts'
import { creditText, cutWord, documentWords, stopWords, type DocumentWords } from './text/document-words.ts'
import { foldWords } from './text/fold.ts'
import { marksOf, type WantedWord } from './text/marks.ts'
import { joinFilters, parseQuery } from './query/parse-query.ts'
import {
  aliasLoss,
  codeIndex,
  codes,
  createMatchView,
  createRanker,
  creditAt,
  correctionThreshold,
  popularityPoints,
  readingLoss,
  releaseAt,
  scoreOf,
  titleAt,
  variantLoss,
} from './query/rank.ts'
import { maxCharacters, type SearchFilters, type SearchRequest } from './request.ts'
import { variantOf } from './text/variants.ts'

/** `from`, `to`: the typed words that it was made of. */
type Token = {
  readonly word: string
  readonly isPrefix: boolean
  readonly isOptional: boolean
  readonly from: number
  readonly to: number
}
type Reading = { readonly tokens: readonly Token[]; readonly isPlain: boolean }
type Entry = { readonly document: SearchDocument; readonly words: DocumentWords }
type Query = {
  readonly tokens: readonly Token[]
  readonly phrases: readonly (readonly string[])[]
  readonly filters: SearchFilters
  readonly kinds: readonly DocumentKind[]
}
type Found = {
  readonly entry: Entry
  readonly loss: number
  readonly match: Match
  readonly tokens: readonly Token[]
  readonly wanted: readonly WantedWord[]
}
type Level = { readonly hasTypos: boolean; readonly mayMiss: number }

export function plainSearch(documents: readonly SearchDocument[], request: SearchRequest): SearchAnswer {
  const query = queryOf(request)
  const entries = documents.map(entryOf)
  const candidates = entries.filter(
    (entry) =>
      query.kinds.includes(entry.document.kind) && passes(entry, query.filters) && hasPhrases(entry, query.phrases),
  )
  const hasFilters = Object.values(query.filters).some((value) => value !== undefined)
  if (query.tokens.length > 0) return answerOf(retrieve(query, candidates), request)
  return answerOf(
    hasFilters ? candidates.map((entry) => ({ entry, loss: 0, match: 'exact' as const, tokens: [], wanted: [] })) : [],
    request,
  )
}

const folded = new WeakMap<SearchDocument, DocumentWords>()

function entryOf(document: SearchDocument): Entry {
  const words = folded.get(document) ?? documentWords(document)
  folded.set(document, words)
  return { document, words }
}

// Query [SQ2], [SQ3]

const optionalWords = new Set([
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

function queryOf(request: SearchRequest): Query {
  const parsed = parseQuery(request.text)
  const words = parsed.words.map(({ word }) => cutWord(word))
  const isPrefix = (place: number) => place === words.length - 1 && parsed.isLastPrefix && request.isComplete !== true
  const isOptionalWord = (word: string, place: number) => (optionalWords.has(word) && !isPrefix(place)) || word === 'n'
  const hasOthers = words.some((word, place) => !isOptionalWord(word, place))
  return {
    tokens: words.map((word, place) => ({
      word,
      isPrefix: isPrefix(place),
      isOptional: hasOthers && isOptionalWord(word, place),
      from: place,
      to: place + 1,
    })),
    phrases: parsed.phrases.map((phrase) => phrase.map(cutWord)),
    filters: joinFilters(parsed.filters, request.filters ?? {}),
    kinds: request.kinds ?? documentKinds,
  }
}

/** Title, credit line, release, aliases. */
function wordsOf({ words: { headlines, credit, release } }: Entry): readonly string[] {
  const [title, ...aliases] = headlines.map(({ words }) => words)
  return [...title!, ...credit.words, ...release, ...aliases.flat()]
}

/** [SQ4] Joined first, from the left; then split, from the left. */
function otherReadings(tokens: readonly Token[]): readonly Reading[] {
  const replaced = (at: number, count: number, by: readonly Token[]): Reading => ({
    isPlain: false,
    tokens: [...tokens.slice(0, at), ...by, ...tokens.slice(at + count)],
  })
  const joined = tokens.slice(1).map((second, at) =>
    replaced(at, 2, [
      {
        word: cutWord(tokens[at]!.word + second.word),
        isPrefix: second.isPrefix,
        isOptional: false,
        from: at,
        to: at + 2,
      },
    ]),
  )
  const split = tokens.flatMap((token, at) =>
    splitsOf(token.word).map(([first, second]) =>
      replaced(at, 1, [
        { ...token, word: first, isPrefix: false, isOptional: false },
        { ...token, word: second, isOptional: false },
      ]),
    ),
  )
  return [...joined, ...split]
}

function splitsOf(word: string): readonly (readonly [string, string])[] {
  const all = Array.from(
    { length: Math.max(0, word.length - 1) },
    (_, at) => [word.slice(0, at + 1), word.slice(at + 1)] as const,
  )
  const isNumber = (part: string) => /^\d+$/.test(part)
  return all.filter(([first, second]) => (first.length > 1 && second.length > 1) || isNumber(first) || isNumber(second))
}

// Matching a token and a word [SM1], [SM2], [SM3]

/** [SM4] The best code of a token at a word. */
export function codeOf(
  { word: token, isPrefix }: Pick<Token, 'word' | 'isPrefix'>,
  word: string,
  hasTypos: boolean,
): number {
  if (token === word) return codes.exact
  if (isPrefix && word.startsWith(token)) return codes.prefix
  if (!hasTypos || /\d/.test(token) || /\d/.test(word)) return codes.none
  const toBeginnings = knownDistances(token, word)
  const whole = toBeginnings.at(-1)
  const prefix = Math.min(...toBeginnings)
  const prefixBudget = isPrefix ? Math.min(budget(token.length), budget(word.length)) : 0
  if (whole === 1 && budget(word.length) >= 1) return codes.typo
  if (prefix === 1 && prefixBudget >= 1) return codes.typoPrefix
  if (whole === 2 && budget(word.length) >= 2) return codes.typos
  return prefix === 2 && prefixBudget >= 2 ? codes.typosPrefix : codes.none
}

const measured = new Map<string, readonly number[]>()

function knownDistances(from: string, to: string): readonly number[] {
  const key = `${from}\n${to}`
  const row = measured.get(key) ?? distances(from, to)
  measured.set(key, row)
  return row
}

const budget = (length: number) => (length < 4 ? 0 : length < 8 ? 1 : 2)

/** [SM2] Computes the whole table; its last row has the distances to each prefix of `to`, from the empty one to all of it. */
export function distances(from: string, to: string): readonly number[] {
  const table = Array.from({ length: from.length + 1 }, (_, row) =>
    Array.from({ length: to.length + 1 }, (_, column) => (row === 0 ? column : row)),
  )
  for (let row = 1; row <= from.length; row++)
    for (let column = 1; column <= to.length; column++) {
      const change = from[row - 1] === to[column - 1] ? 0 : 1
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const swapped = isSwap ? table[row - 2]![column - 2]! + 1 : Infinity
      table[row]![column] = Math.min(
        table[row - 1]![column]! + 1,
        table[row]![column - 1]! + 1,
        table[row - 1]![column - 1]! + change,
        swapped,
      )
    }
  return table[from.length]!
}

// Retrieval [SL0], [SL1], [SL2], [SL3]

function retrieve({ tokens }: Query, candidates: readonly Entry[]): readonly Found[] {
  const requestedVariants = variantOf(tokens.map(({ word }) => word))
  const plain: Reading = { tokens, isPlain: true }
  const matchesAt = (entries: readonly Entry[], readings: readonly [Reading, Level][]) =>
    entries.flatMap((entry) => {
      const found = readings.flatMap(([reading, level]) => scored(entry, { reading, level, requestedVariants }) ?? [])
      return found.length === 0 ? [] : [found.reduce((best, other) => (other.loss < best.loss ? other : best))]
    })
  const asTyped = matchesAt(candidates, [[plain, { hasTypos: false, mayMiss: 0 }]])
  const deciding = documentKinds.flatMap((kind) =>
    asTyped
      .filter(({ entry }) => entry.document.kind === kind)
      .sort(better)
      .slice(0, 10),
  )
  if (deciding.some(({ loss }) => loss <= correctionThreshold)) return asTyped
  const others = otherReadings(tokens).map((reading): [Reading, Level] => [reading, { hasTypos: false, mayMiss: 0 }])
  const left = candidates.filter((entry) => !asTyped.some((found) => found.entry === entry))
  const found = [...asTyped, ...matchesAt(left, [[plain, { hasTypos: true, mayMiss: 0 }], ...others])]
  if (found.length > 0) return found
  const needed = tokens.filter(({ isOptional }) => !isOptional).length
  for (let mayMiss = 1; mayMiss <= Math.floor(needed / 2); mayMiss++) {
    const partial = matchesAt(candidates, [[plain, { hasTypos: true, mayMiss }]])
    if (partial.length > 0) return partial
  }
  return []
}

type Attempt = { readonly reading: Reading; readonly level: Level; readonly requestedVariants: number }

function scored(entry: Entry, { reading, level, requestedVariants }: Attempt): Found | undefined {
  const { tokens, isPlain } = reading
  const best = tokens.map(
    (token) =>
      wordsOf(entry)
        .map((word) => codeOf(token, word, level.hasTypos))
        .filter((code) => code !== codes.none)
        .sort((a, b) => a - b)[0],
  )
  const missing = tokens.filter(({ isOptional }, index) => !isOptional && best[index] === undefined).length
  if (missing > level.mayMiss || best.every((code) => code === undefined)) return undefined
  const loss =
    lossOf(entry, tokens, level.hasTypos) +
    variantLoss(entry.words.variants & ~requestedVariants) +
    (isPlain ? 0 : readingLoss)
  return {
    entry,
    loss,
    match: matchOf(best, { isPlain, missing }),
    tokens,
    wanted: wantedOf(entry, tokens, level.hasTypos),
  }
}

/** [SA1] */
function matchOf(
  best: readonly (number | undefined)[],
  { isPlain, missing }: { readonly isPlain: boolean; readonly missing: number },
): Match {
  if (missing > 0) return 'partial'
  if (!isPlain || best.some((code) => code !== undefined && code > codes.prefix)) return 'corrected'
  return best.includes(codes.prefix) ? 'prefix' : 'exact'
}

const ranker = createRanker()

/** [SD2] The best headline counts. */
function lossOf({ words }: Entry, tokens: readonly Token[], hasTypos: boolean): number {
  const losses = words.headlines.map((headline, index) => {
    const view = createMatchView()
    const fill = (start: number, field: readonly string[]) =>
      tokens.forEach((token, at) =>
        field.forEach((word, place) => void (view.codes[codeIndex(at, start + place)] = codeOf(token, word, hasTypos))),
      )
    view.tokenCount = tokens.length
    tokens.forEach(({ isOptional }, at) => void (view.isOptional[at] = isOptional ? 1 : 0))
    fill(titleAt, headline.words)
    fill(creditAt, words.credit.words)
    fill(releaseAt, words.release)
    Object.assign(view, {
      titleLength: headline.words.length,
      creditLength: words.credit.words.length,
      releaseLength: words.release.length,
      titleNeeded: headline.needed,
    })
    words.credit.nameNeeded.forEach((bits, name) => void (view.nameNeeded[name] = bits))
    view.nameCount = words.credit.nameNeeded.length
    return ranker.lossOf(view) + (index === 0 ? 0 : aliasLoss)
  })
  return Math.min(...losses)
}

/** [SA3] */
function wantedOf(entry: Entry, tokens: readonly Token[], hasTypos: boolean): readonly WantedWord[] {
  return wordsOf(entry).flatMap((word) =>
    tokens.flatMap((token): WantedWord[] => {
      const code = codeOf(token, word, hasTypos)
      if (code === codes.none) return []
      return [code === codes.prefix ? { word: token.word, isPrefix: true } : { word, isPrefix: false }]
    }),
  )
}

/** [SL5] */
function passes({ document, words }: Entry, filters: SearchFilters): boolean {
  const headlines = words.headlines.flatMap((headline) => headline.words)
  const holds = (field: readonly string[], wanted: string | undefined) =>
    foldWords(wanted ?? '').every(({ word }) => field.some((known) => known.startsWith(cutWord(word))))
  const within = (value: number | undefined, range: { readonly from: number; readonly to: number } | undefined) =>
    range === undefined || (value !== undefined && value >= range.from && value <= range.to)
  return (
    holds(document.kind === 'artist' ? headlines : words.credit.words, filters.artist) &&
    holds(document.kind === 'release' ? words.headlines[0]!.words : words.release, filters.release) &&
    within(document.year === undefined ? undefined : Math.floor(document.year), filters.years) &&
    within(document.durationMs, filters.durationMs) &&
    (filters.isPublic === undefined || document.isPublic) &&
    (filters.isLossless === undefined || document.isLossless) &&
    (filters.isInLibrary === undefined || document.isInLibrary)
  )
}

/** [SL4] */
function hasPhrases({ words }: Entry, phrases: readonly (readonly string[])[]): boolean {
  const fields = [...words.headlines.map((headline) => headline.words), words.credit.words, words.release]
  return phrases.every((phrase) =>
    fields.some((field) => field.some((_, at) => phrase.every((word, index) => field[at + index] === word))),
  )
}

// Answer

function answerOf(found: readonly Found[], { text, limit = 10, offset = 0 }: SearchRequest): SearchAnswer {
  const group = (kind: DocumentKind): HitGroup => {
    const all = found.filter(({ entry }) => entry.document.kind === kind).sort(better)
    return { hits: all.slice(offset, offset + limit).map(hitOf), hasMore: all.length > offset + limit }
  }
  const groups = {
    track: group('track'),
    release: group('release'),
    artist: group('artist'),
    playlist: group('playlist'),
  }
  // [SA2]
  const firsts = [groups.artist, groups.release, groups.track, groups.playlist]
    .flatMap(({ hits }) => hits.slice(0, 1))
    .sort((one, other) => other.score - one.score)
  const top = offset > 0 || firsts[0]?.match === 'partial' ? undefined : firsts[0]
  const best = found.find(({ entry: { document } }) => document.kind === top?.kind && document.id === top.id)
  return {
    top,
    groups,
    correction: best?.match === 'corrected' ? correctionOf(best, text.slice(0, maxCharacters)) : undefined,
    isCut: false,
  }
}

/** [SA4] */
function correctionOf({ entry, tokens }: Found, text: string): string {
  const { document } = entry
  const texts = [
    document.title,
    creditText(document.credits),
    document.release?.title ?? '',
    ...(document.aliases ?? []).slice(0, 8),
  ]
  const spellings = texts.flatMap((one) =>
    foldWords(one).map(({ word, start, end }) => ({
      word: cutWord(word),
      spelling: one.slice(start, end).toLowerCase(),
    })),
  )
  const known = wordsOf(entry)
  const isPlain = tokens.every(({ from, to }, at) => from === at && to === at + 1)
  const meant = (token: Token) => {
    const codesOf = known.map((word) => codeOf(token, word, isPlain))
    const least = Math.min(...codesOf.filter((code) => code !== codes.none))
    return least > codes.prefix && least < Infinity ? known[codesOf.indexOf(least)]! : token.word
  }
  const spelled = (token: Token) => spellings.find(({ word }) => word === meant(token))?.spelling ?? meant(token)
  const typed = parseQuery(text).words
  let corrected = ''
  let at = 0
  typed.forEach((_, place) => {
    const made = tokens.filter(({ from }) => from === place)
    if (made.length === 0 || (made.length === 1 && made[0]!.to === place + 1 && meant(made[0]!) === made[0]!.word))
      return
    corrected += text.slice(at, typed[place]!.start) + made.map(spelled).join(' ')
    at = typed[made[0]!.to - 1]!.end
  })
  return corrected + text.slice(at)
}

/** [SR7] */
const better = (one: Found, other: Found) =>
  scoreIn(other) - scoreIn(one) ||
  other.entry.document.popularity - one.entry.document.popularity ||
  (one.entry.document.id < other.entry.document.id ? -1 : 1)

const scoreIn = ({ entry, loss }: Found) => scoreOf(loss, popularityPoints(entry.document.popularity))

function hitOf(found: Found): SearchHit {
  const { kind, id, title, credits, release, year, durationMs, image, isLossless } = found.entry.document
  const marks = {
    title: marksOf(title, found.wanted),
    credit: marksOf(creditText(credits), found.wanted),
    release: marksOf(release?.title ?? '', found.wanted),
  }
  return {
    kind,
    id,
    title,
    credits,
    release,
    year,
    durationMs,
    image,
    isLossless,
    match: found.match,
    marks,
    score: scoreIn(found),
  }
}
