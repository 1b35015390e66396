// Compares one document of a segment with the tokens: does it match, and how many points does it lose? SPEC.md [SL0], [SD2].
import { createDocumentSpans, type DocumentSpans, type Span } from '../text/document-spans.ts'
import type { Expander, Token, TokenWords } from './expand.ts'
import {
  aliasLoss,
  codeIndex,
  codes,
  createMatchView,
  creditAt,
  maxTokens,
  releaseAt,
  titleAt,
  type MatchView,
  type Ranker,
} from './rank.ts'
import type { KindTable, Segment } from '../segment/segment.ts'
import { createTokenCodes, type TokenCodes } from './token-codes.ts'

export type Matcher = {
  readonly words: readonly TokenWords[]
  /** Sets the tokens that documents are compared with from now on. */
  prepare(tokens: readonly Token[], hasTypos: boolean): void
  /** Compares one document; the result is in the fields below until the next comparison. Skips the release where it cannot change the loss. */
  compare(table: KindTable, document: number): void
  /** The same, always with the words of the release. */
  compareFully(table: KindTable, document: number): void
  /** Best code of each token anywhere in the document, 0: none. */
  readonly best: Uint8Array
  /** Tokens that are not optional and were not found; of those found, how many need a typo. */
  missing: number
  corrected: number
  /** Points lost by the document compared last, without those of versions and readings. */
  loss(): number
  /** Stores the present tokens as those of the plain reading. */
  readonly setPlain: () => void
  /** The document compared last matches the plain reading without typos [SL0]. */
  isPlainMatch(): boolean
  /** Each word of the document compared last that a token matches, with the code. */
  eachMatch(visit: VisitMatch): void
}

type VisitMatch = (word: number, token: number, code: number) => void

export const createMatcher = (segment: Segment, expander: Expander, ranker: Ranker): Matcher => {
  const tokens = createTokenCodes(expander)
  const spans = createDocumentSpans(segment)
  const best = new Uint8Array(maxTokens)
  const view = createMatchView()
  const fill = createFill(tokens, view, best)

  const compareOwnFields = (table: KindTable, document: number): void => {
    best.fill(0)
    spans.open(table, document)
    if (spans.aliases.length > 0) for (const text of spans.aliases) fill(spans.alias(text), titleAt)
    view.titleLength = fill(spans.title, titleAt)
    view.creditLength = fill(spans.credit, creditAt)
    view.releaseLength = 0
    countTokens(matcher, tokens)
  }
  const compareRelease = (): void => {
    view.releaseLength = fill(spans.release, releaseAt)
    countTokens(matcher, tokens)
  }
  const matcher: Matcher = {
    words: tokens.words,
    prepare: (all, hasTypos) => {
      tokens.prepare(all, hasTypos)
      view.tokenCount = tokens.count
      view.isOptional.set(tokens.isOptional)
    },
    // A token found without typos in title or credit line loses less there than on the release, and an optional one loses less when it is left out.
    compare: (table, document) => {
      compareOwnFields(table, document)
      if (matcher.missing + matcher.corrected + spans.aliases.length > 0) compareRelease()
    },
    compareFully: (table, document) => {
      compareOwnFields(table, document)
      compareRelease()
    },
    best,
    missing: 0,
    corrected: 0,
    loss: createHeadlineLoss({ segment, spans, view, fill, ranker }),
    setPlain: tokens.setPlain,
    isPlainMatch: () => isPlainMatch(tokens, spans),
    eachMatch: (visit) => {
      for (const { words, start, end } of spans.all())
        for (let at = start; at < end; at++) eachCode(tokens, words[at] ?? 0, visit)
    },
  }
  return matcher
}

type Fill = (span: Span, field: number) => number

type LossParts = {
  readonly segment: Segment
  readonly spans: DocumentSpans
  readonly view: MatchView
  readonly fill: Fill
  readonly ranker: Ranker
}

/** Points lost by the open document: those of its best headline [SD2]. */
const createHeadlineLoss =
  ({ segment, spans, view, fill, ranker }: LossParts): (() => number) =>
  () => {
    fillNames(segment, view, spans.creditLine)
    view.titleNeeded = segment.textNeeded[spans.titleText] ?? 0
    let least = ranker.lossOf(view)
    for (const text of spans.aliases) {
      view.titleLength = fill(spans.alias(text), titleAt)
      view.titleNeeded = segment.textNeeded[text] ?? 0
      least = Math.min(least, ranker.lossOf(view) + aliasLoss)
    }
    return least
  }

const isPlainMatch = (tokens: TokenCodes, spans: DocumentSpans): boolean => {
  const all = spans.all()
  return tokens.isPlainMatch((isWanted) => all.some((span) => span.words.subarray(span.start, span.end).some(isWanted)))
}

/** Writes the codes of a field's words into the view, and better ones into `best`; returns the number of words. */
const createFill = (tokens: TokenCodes, view: MatchView, best: Uint8Array): Fill => {
  const fillWord = (word: number, place: number): void => {
    for (let token = 0; token < tokens.count; token++) {
      const code = tokens.codeAt(token, word)
      view.codes[codeIndex(token, place)] = code
      if (code !== 0 && (best[token] === 0 || code < (best[token] ?? 0))) best[token] = code
    }
  }
  return (span, field) => {
    const length = span.end - span.start
    for (let place = 0; place < length; place++) fillWord(span.words[span.start + place] ?? 0, field + place)
    return length
  }
}

const countTokens = (matcher: Matcher, tokens: TokenCodes): void => {
  matcher.missing = 0
  matcher.corrected = 0
  for (let token = 0; token < tokens.count; token++) {
    if (tokens.isOptional[token] === 1) continue
    const code = matcher.best[token] ?? 0
    if (code === 0) matcher.missing++
    else if (code > codes.prefix) matcher.corrected++
  }
}

const fillNames = ({ nameNeeded, nameNeededAt }: Segment, view: MatchView, creditLine: number): void => {
  const start = nameNeededAt[creditLine] ?? 0
  view.nameCount = (nameNeededAt[creditLine + 1] ?? 0) - start
  for (let name = 0; name < view.nameCount; name++) view.nameNeeded[name] = nameNeeded[start + name] ?? 0
}

const eachCode = (tokens: TokenCodes, word: number, visit: VisitMatch): void => {
  for (let token = 0; token < tokens.count; token++) {
    const code = tokens.codeAt(token, word)
    if (code !== 0) visit(word, token, code)
  }
}
