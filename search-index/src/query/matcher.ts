// Looks at one document of a segment: does it match, and how much does it lose? SPEC.md [SL], [SR].
import { createDocumentSpans, type Span } from '../text/document-spans.ts'
import type { Expander, Token, TokenWords } from './expand.ts'
import {
  aliasLoss,
  codeIndex,
  codes,
  createMatchView,
  creditAt,
  mostTokens,
  releaseAt,
  titleAt,
  type MatchView,
  type Ranker,
} from './rank.ts'
import type { KindTable, Segment } from '../segment/segment.ts'
import { createTokenCodes, type TokenCodes } from './token-codes.ts'

export type Matcher = {
  readonly words: readonly TokenWords[]
  /** Which tokens documents are compared with from now on. */
  prepare(tokens: readonly Token[], hasTypos: boolean): void
  /** Compares with one document; what was found stands in the fields below until the next one. */
  look(table: KindTable, document: number): void
  /** The same, with the words of the release also where they cannot change what is lost. */
  lookFully(table: KindTable, document: number): void
  /** Best code of each token anywhere in the document, 0: none. */
  readonly best: Uint8Array
  /** Tokens that are not optional and were not found; of those found, how many need a typo. */
  missing: number
  corrected: number
  /** Points lost by the document last looked at [SR], but for versions and readings. */
  loss(): number
  /** Keeps the present tokens as those of the plain reading. */
  readonly setPlain: () => void
  /** The document last looked at matches the plain reading without typos [SL0]. */
  isPlainMatch(): boolean
  /** The document last looked at, its words with the codes they have. */
  eachMatch(visit: VisitMatch): void
}

type VisitMatch = (word: number, token: number, code: number) => void

export const createMatcher = (segment: Segment, expander: Expander, ranker: Ranker): Matcher => {
  const tokens = createTokenCodes(expander)
  const spans = createDocumentSpans(segment)
  const best = new Uint8Array(mostTokens)
  const view = createMatchView()
  const fill = createFill(tokens, view, best)

  const lookAtOwn = (table: KindTable, document: number): void => {
    best.fill(0)
    spans.open(table, document)
    if (spans.aliases.length > 0) for (const text of spans.aliases) fill(spans.alias(text), titleAt)
    view.titleLength = fill(spans.title, titleAt)
    view.creditLength = fill(spans.credit, creditAt)
    view.releaseLength = 0
    count(matcher, tokens)
  }
  const lookAtRelease = (): void => {
    view.releaseLength = fill(spans.release, releaseAt)
    count(matcher, tokens)
  }
  // Found without typos in title and credit line, a token loses less there than on the release, and left out less still.
  const look = (table: KindTable, document: number): void => {
    lookAtOwn(table, document)
    if (matcher.missing + matcher.corrected + spans.aliases.length > 0) lookAtRelease()
  }
  const lookFully = (table: KindTable, document: number): void => {
    lookAtOwn(table, document)
    lookAtRelease()
  }
  const loss = (): number => {
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
  const prepare = (all: readonly Token[], hasTypos: boolean): void => {
    tokens.prepare(all, hasTypos)
    view.tokenCount = tokens.count
    view.isOptional.set(tokens.isOptional)
  }
  const isPlainMatch = (): boolean => {
    const all = spans.all()
    return tokens.isPlainMatch((isWanted) =>
      all.some((span) => span.words.subarray(span.start, span.end).some(isWanted)),
    )
  }
  const eachMatch = (visit: VisitMatch): void => {
    for (const { words, start, end } of spans.all())
      for (let at = start; at < end; at++) eachCode(tokens, words[at] ?? 0, visit)
  }
  const matcher: Matcher = {
    words: tokens.words,
    prepare,
    look,
    lookFully,
    best,
    missing: 0,
    corrected: 0,
    loss,
    setPlain: tokens.setPlain,
    isPlainMatch,
    eachMatch,
  }
  return matcher
}

/** Puts a field's codes into the view, and better ones into `best`; gives back how many words the field has. */
const createFill = (tokens: TokenCodes, view: MatchView, best: Uint8Array): ((span: Span, field: number) => number) => {
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

const count = (matcher: Matcher, tokens: TokenCodes): void => {
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
