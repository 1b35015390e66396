// Looks at one document of a segment: does it match, and how much does it lose? SPEC.md [L], [R].
import { creditAt, codeIndex, codes, createMatchView, aliasLoss, mostTokens, releaseAt, titleAt, type Ranker } from './rank.ts'
import type { Expander, Token, TokenWords } from './expand.ts'
import { aliasTexts, type KindTable, type Segment } from './segment.ts'

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
  /** Points lost by the document last looked at [R], but for versions and readings. */
  loss(): number
  /** Keeps the present tokens as those of the plain reading. */
  setPlain(): void
  /** The document last looked at matches the plain reading without typos [L0]. */
  isPlainMatch(): boolean
  /** The document last looked at, its words with the codes they have. */
  eachMatch(visit: (word: number, token: number, code: number) => void): void
}

type Span = { words: Uint32Array; start: number; end: number }

export const createMatcher = (segment: Segment, expander: Expander, ranker: Ranker): Matcher => {
  const { arrays, textWordsAt, creditWordsAt, textNeeded } = segment
  const words = Array.from({ length: mostTokens }, () => expander.create())
  const codeTables = words.map(({ codeOf }) => codeOf)
  const exacts = new Int32Array(mostTokens)
  const starts = new Int32Array(mostTokens)
  const ends = new Int32Array(mostTokens)
  const best = new Uint8Array(mostTokens)
  const view = createMatchView()
  const title: Span = { words: arrays.texts.words, start: 0, end: 0 }
  const credit: Span = { words: arrays.credits.words, start: 0, end: 0 }
  const release: Span = { words: arrays.texts.words, start: 0, end: 0 }
  const alias: Span = { words: arrays.texts.words, start: 0, end: 0 }
  const plain: { readonly exact: number; readonly start: number; readonly end: number }[] = []
  let hasTypos = false
  let titleText = 0
  let onRelease = 0
  let creditLine = 0
  let aliases: Uint32Array = new Uint32Array()

  const codeAt = (token: number, word: number): number => {
    if (word === exacts[token]) return codes.exact
    if (word >= (starts[token] ?? 0) && word < (ends[token] ?? 0)) return codes.prefix
    return hasTypos ? (codeTables[token]?.[word] ?? 0) : 0
  }
  const fill = (span: Span, field: number): number => {
    const length = span.end - span.start
    for (let place = 0; place < length; place++) {
      const word = span.words[span.start + place] ?? 0
      for (let token = 0; token < view.tokenCount; token++) {
        const code = codeAt(token, word)
        view.codes[codeIndex(token, field + place)] = code
        if (code !== 0 && (best[token] === 0 || code < (best[token] ?? 0))) best[token] = code
      }
    }
    return length
  }
  const spanOf = (span: Span, text: number): Span => {
    span.start = textWordsAt[text] ?? 0
    span.end = textWordsAt[text + 1] ?? 0
    return span
  }
  const fillNames = (line: number): void => {
    const start = segment.nameNeededAt[line] ?? 0
    view.nameCount = (segment.nameNeededAt[line + 1] ?? 0) - start
    for (let name = 0; name < view.nameCount; name++) view.nameNeeded[name] = segment.nameNeeded[start + name] ?? 0
  }
  const count = (): void => {
    matcher.missing = 0
    matcher.corrected = 0
    for (let token = 0; token < view.tokenCount; token++) {
      const code = best[token] ?? 0
      if (view.isOptional[token] === 1) continue
      if (code === 0) matcher.missing++
      else if (code > codes.prefix) matcher.corrected++
    }
  }
  const lookAtOwn = (table: KindTable, document: number): void => {
    onRelease = table.releases[document] ?? 0
    best.fill(0)
    titleText = table.titles[document] ?? 0
    const line = table.credits[document] ?? 0
    const list = table.aliases[document] ?? 0
    credit.start = creditWordsAt[line] ?? 0
    credit.end = creditWordsAt[line + 1] ?? 0
    aliases = aliasTexts(segment, list)
    if (list > 0) for (const text of aliases) fill(spanOf(alias, text), titleAt)
    view.titleLength = fill(spanOf(title, titleText), titleAt)
    view.creditLength = fill(credit, creditAt)
    view.releaseLength = 0
    release.end = release.start
    creditLine = line
    count()
  }
  const releaseSpan = (): Span => spanOf(release, arrays.releases.titles[onRelease - 1] ?? 0)
  const lookAtRelease = (): void => {
    if (onRelease === 0) return
    view.releaseLength = fill(releaseSpan(), releaseAt)
    count()
  }
  // Found without typos in title and credit line, a token loses less there than on the release, and left out less still.
  const look = (table: KindTable, document: number): void => {
    lookAtOwn(table, document)
    if (matcher.missing + matcher.corrected + aliases.length > 0) lookAtRelease()
  }
  const lookFully = (table: KindTable, document: number): void => {
    lookAtOwn(table, document)
    lookAtRelease()
  }
  const loss = (): number => {
    fillNames(creditLine)
    view.titleNeeded = textNeeded[titleText] ?? 0
    let least = ranker.lossOf(view)
    for (const text of aliases) {
      view.titleLength = fill(spanOf(alias, text), titleAt)
      view.titleNeeded = textNeeded[text] ?? 0
      least = Math.min(least, ranker.lossOf(view) + aliasLoss)
    }
    return least
  }
  const prepare = (tokens: readonly Token[], withTypos: boolean): void => {
    hasTypos = withTypos
    view.tokenCount = tokens.length
    for (const [at, token] of tokens.entries()) {
      const into = words[at]
      if (into === undefined) continue
      expander.expand(token, into, withTypos)
      exacts[at] = into.exact
      starts[at] = into.start
      ends[at] = into.end
      view.isOptional[at] = token.isOptional ? 1 : 0
    }
  }
  const setPlain = (): void => {
    plain.length = 0
    for (let token = 0; token < view.tokenCount; token++) if (view.isOptional[token] === 0) plain.push({ exact: exacts[token] ?? -1, start: starts[token] ?? 0, end: ends[token] ?? 0 })
  }
  const isPlainMatch = (): boolean => {
    if (onRelease > 0) releaseSpan()
    const spans = spansOf()
    return plain.every(({ exact, start, end }) => spans.some((span) => holds(span, (word) => word === exact || (word >= start && word < end))))
  }
  const spansOf = (): readonly Span[] => [title, credit, release, ...Array.from(aliases, (text) => ({ ...spanOf(alias, text) }))]
  const eachMatch = (visit: (word: number, token: number, code: number) => void): void => {
    for (const span of spansOf()) {
      for (let at = span.start; at < span.end; at++) {
        const word = span.words[at] ?? 0
        for (let token = 0; token < view.tokenCount; token++) {
          const code = codeAt(token, word)
          if (code !== 0) visit(word, token, code)
        }
      }
    }
  }
  const matcher: Matcher = { words, prepare, look, lookFully, best, missing: 0, corrected: 0, loss, setPlain, isPlainMatch, eachMatch }
  return matcher
}

const holds = ({ words, start, end }: Span, isWanted: (word: number) => boolean): boolean => {
  for (let at = start; at < end; at++) if (isWanted(words[at] ?? 0)) return true
  return false
}
