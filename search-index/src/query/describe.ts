// From found documents to hits as they are shown: SPEC.md [SA1] to [SA4].
import type { Match, SearchHit } from '../answer.ts'
import type { DocumentKind } from '../document.ts'
import { creditText, cutWord } from '../text/document-words.ts'
import { foldWords } from '../text/fold.ts'
import { marksOf, type WantedWord } from '../text/marks.ts'
import type { Matcher } from './matcher.ts'
import type { Place } from './query.ts'
import { codes } from './rank.ts'
import {
  readCredits,
  readDocument,
  readDuration,
  readImage,
  readRelease,
  readTitle,
  readYear,
} from '../segment/read-document.ts'
import { flags } from '../segment/segment-arrays.ts'
import type { Segment } from '../segment/segment.ts'
import type { FoundDocument } from './top-hits.ts'
import type { Token } from './expand.ts'
import type { AttemptTokens } from './search-levels.ts'
import type { SearchableSegment } from './searchable-segment.ts'

type Shown = { readonly kind: DocumentKind; readonly found: FoundDocument }
type Searchable = Pick<SearchableSegment, 'segment' | 'matcher'>

export const createDescriber = (segments: readonly Searchable[]) => {
  /** In the order given. Documents of one attempt are compared together, because preparing a matcher costs more than comparing. */
  const hits = (shown: readonly Shown[], attempts: readonly AttemptTokens[]): readonly SearchHit[] => {
    const described: { readonly place: number; readonly hit: SearchHit }[] = []
    const ordered = shown
      .map((one, place) => ({ ...one, place }))
      .sort((one, other) => one.found.attempt - other.found.attempt || one.found.segment - other.found.segment)
    let prepared: FoundDocument | undefined
    for (const { kind, found, place } of ordered) {
      const attempt = attempts[found.attempt]
      const searched = segments[found.segment]
      if (attempt === undefined || searched === undefined) continue
      if (prepared?.attempt !== found.attempt || prepared.segment !== found.segment)
        searched.matcher.prepare(attempt.tokens, attempt.hasTypos)
      prepared = found
      described.push({ place, hit: hitOf(searched, { kind, found }, attempt) })
    }
    return described.sort((one, other) => one.place - other.place).map(({ hit }) => hit)
  }
  /** [SA4] */
  const correction = ({ kind, found }: Shown, attempts: readonly AttemptTokens[], query: Typed): string | undefined => {
    const attempt = attempts[found.attempt]
    const searched = segments[found.segment]
    if (attempt === undefined || searched === undefined) return undefined
    const { segment, matcher } = searched
    matcher.prepare(attempt.tokens, attempt.hasTypos)
    matcher.compareFully(segment.kinds[kind], found.document)
    const meant = new Map<number, string>()
    matcher.eachMatch((word, token, code) => {
      if (code > codes.prefix && code === matcher.best[token] && !meant.has(token))
        meant.set(token, segment.vocabulary.get(word))
    })
    const spelled = spellings(segment, kind, found.document)
    return corrected(
      query,
      attempt.tokens.map((token, index) => {
        const word = meant.get(index) ?? (isAsTyped(attempt.tokens, index) ? undefined : token.word)
        return { ...token, spelling: word === undefined ? undefined : (spelled.get(word) ?? word) }
      }),
    )
  }
  return { hits, correction }
}

/** The spelling of each folded word in the document, in lower case; of several spellings the first. */
const spellings = (segment: Segment, kind: DocumentKind, document: number): ReadonlyMap<string, string> => {
  const { title, credits, release, aliases = [] } = readDocument(segment, kind, document)
  const texts = [title, creditText(credits), release?.title ?? '', ...aliases]
  const written = texts.flatMap((text) =>
    foldWords(text).map(({ word, start, end }) => [cutWord(word), text.slice(start, end).toLowerCase()] as const),
  )
  return new Map(written.reverse())
}

/** Neither joined nor part of a split. */
const isAsTyped = (tokens: readonly Token[], index: number): boolean =>
  tokens.every(({ from, to }, other) => (other === index ? to === from + 1 : from !== tokens[index]?.from))

type Typed = { readonly text: string; readonly places: readonly Place[] }
/** `spelling`: the replacement; undefined where nothing is replaced. */
type Spelled = Pick<Token, 'from' | 'to'> & { readonly spelling: string | undefined }

/** The typed text, with only the words that have a `spelling` replaced. */
const corrected = ({ text, places }: Typed, tokens: readonly Spelled[]): string => {
  let result = ''
  let at = 0
  for (const [index, { from, to, spelling }] of tokens.entries()) {
    const isSecondPart = tokens[index - 1]?.from === from
    if (spelling !== undefined) result += isSecondPart ? ` ${spelling}` : text.slice(at, places[from]?.start) + spelling
    if (spelling !== undefined) at = places[to - 1]?.end ?? at
  }
  return result + text.slice(at)
}

const hitOf = ({ segment, matcher }: Searchable, { kind, found }: Shown, attempt: AttemptTokens): SearchHit => {
  const table = segment.kinds[kind]
  const { document } = found
  if (attempt.tokens.length > 0) matcher.compareFully(table, document)
  const title = readTitle(segment, table, document)
  const credits = readCredits(segment, table.credits[document] ?? 0)
  const release = readRelease(segment, table, document)
  const wanted = attempt.tokens.length === 0 ? [] : wantedOf(segment, matcher, attempt)
  const marks = (text: string) => (wanted.length === 0 ? [] : marksOf(text, wanted))
  return {
    kind,
    id: table.idPool.get(document),
    title,
    credits,
    release,
    year: readYear(table, document),
    durationMs: readDuration(table, document),
    image: readImage(segment, table, document),
    isLossless: ((table.flags[document] ?? 0) & flags.isLossless) !== 0,
    match: attempt.tokens.length === 0 ? 'exact' : matchOf(matcher, attempt),
    marks: { title: marks(title), credit: marks(creditText(credits)), release: marks(release?.title ?? '') },
    score: found.score,
  }
}

/** [SA1] */
const matchOf = ({ best, missing }: Matcher, { tokens, isPlain }: AttemptTokens): Match => {
  if (missing > 0) return 'partial'
  if (!isPlain) return 'corrected'
  let worst = 0
  for (let token = 0; token < tokens.length; token++) worst = Math.max(worst, best[token] ?? 0)
  return worst > codes.prefix ? 'corrected' : worst === codes.prefix ? 'prefix' : 'exact'
}

/** [SA3] */
const wantedOf = ({ vocabulary }: Segment, matcher: Matcher, { tokens }: AttemptTokens): readonly WantedWord[] => {
  const wanted = new Map<string, WantedWord>()
  matcher.eachMatch((word, token, code) => {
    const isPrefix = code === codes.prefix
    const text = isPrefix ? (tokens[token]?.word ?? '') : vocabulary.get(word)
    wanted.set(`${isPrefix ? '+' : '='}${text}`, { word: text, isPrefix })
  })
  return [...wanted.values()]
}
