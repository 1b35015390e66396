import type { HitGroup, Match, SearchAnswer, SearchHit, Suggestion } from './answer.ts'
import { distancesOf, typoBudget } from './distance.ts'
import { documentKinds, type DocumentChange, type DocumentKind, type SearchDocument } from './document.ts'
import { creditText, cutWord, documentWords, smallWords, type DocumentWords } from './document-words.ts'
import { foldWords } from './fold.ts'
import { marksOf } from './marks.ts'
import { joinFilters, parseQuery } from './parse-query.ts'
import { codeIndex, codes, createMatchView, createRanker, creditAt, goodLoss, popularityPoints, releaseAt, scoreOf, titleAt, variantLoss } from './rank.ts'
import { mostHits, mostOffset, type SearchFilters, type SearchRequest, type SuggestRequest } from './request.ts'
import { readSnapshot, writeSnapshot } from './snapshot-file.ts'
import { variantOf } from './variants.ts'

/**
 * Finds documents. All calls are synchronous and bounded in their work, whatever the text. The answer after any order of changes that ends in the
 * same documents is the answer of an index built from them, as long as no work cap is met.
 */
export type SearchIndex = {
  search(request: SearchRequest): SearchAnswer
  suggest(request: SuggestRequest): readonly Suggestion[]
  /** Seen by the next search. Costs milliseconds for hundreds of changes; when `pendingCount` grows, build anew elsewhere and swap. */
  apply(changes: readonly DocumentChange[]): void
  document(kind: DocumentKind, id: string): SearchDocument | undefined
  /** In no order. */
  documents(): Iterable<SearchDocument>
  count(kind: DocumentKind): number
  /** Documents and removals that came after the last build. */
  pendingCount(): number
  /** All documents, changes included, as bytes (docs/formats.md, search snapshot). `sequence`: what of the catalog's history is in it. */
  snapshot(sequence: number): Uint8Array<ArrayBuffer>
}

export type OpenedIndex = { readonly kind: 'opened'; readonly index: SearchIndex; readonly sequence: number } | { readonly kind: 'refused'; readonly reason: 'not-a-snapshot' | 'version-unknown' | 'damaged' }

type Entry = { readonly document: SearchDocument; readonly words: DocumentWords; readonly key: string }
type Token = { readonly word: string; readonly isOpen: boolean; readonly isOptional: boolean }

const keyOf = (kind: DocumentKind, id: string) => `${kind} ${id}`
const bare: readonly string[] = ['by', 'official', 'video', 'audio', 'lyrics', 'lyric', 'hd', 'hq', 'music', ...smallWords]

const codeOf = (token: Token, word: string, hasTypos: boolean): number => {
  if (token.word === word) return codes.exact
  if (token.isOpen && word.startsWith(token.word)) return codes.prefix
  if (!hasTypos || word.length < 4 || Math.abs(word.length - token.word.length) > 2 && !token.isOpen || /\d/.test(token.word) || /\d/.test(word)) return 0
  const { whole, prefix } = distancesOf(token.word, word)
  const budget = typoBudget(word.length)
  const found = whole > 0 && whole <= budget ? whole * 2 + 1 : 99
  const prefixBudget = token.isOpen ? Math.min(budget, typoBudget(token.word.length)) : 0
  const foundPrefix = prefix > 0 && prefix <= prefixBudget ? prefix * 2 + 2 : 99
  const best = Math.min(found, foundPrefix)
  return best === 99 ? 0 : best
}

/** First, plain version: looks at every document. */
const createPlainIndex = (documents: Iterable<SearchDocument>, textOf: (entries: Iterable<SearchDocument>) => string): SearchIndex => {
  const entries = new Map<string, Entry>()
  const ranker = createRanker()
  const view = createMatchView()
  let pending = 0
  const put = (document: SearchDocument) => void entries.set(keyOf(document.kind, document.id), { document, words: documentWords(document), key: document.id })
  for (const document of documents) put(document)

  const fill = (tokens: readonly Token[], field: { readonly start: number; readonly words: readonly string[] }, hasTypos: boolean) => {
    tokens.forEach((token, index) => field.words.forEach((word, place) => void (view.codes[codeIndex(index, field.start + place)] = codeOf(token, word, hasTypos))))
  }
  const score = (entry: Entry, tokens: readonly Token[], hasTypos: boolean): { readonly loss: number; readonly match: Match } | undefined => {
    const { credit, release, headlines, variants } = entry.words
    const all = [...headlines.flatMap(({ words }) => words), ...credit.words, ...release]
    const best = tokens.map((token) => Math.min(...all.map((word) => codeOf(token, word, hasTypos) || 99)))
    if (best.some((code, index) => code === 99 && tokens[index]?.isOptional === false)) return undefined
    view.tokenCount = tokens.length
    tokens.forEach(({ isOptional }, index) => void (view.isOptional[index] = isOptional ? 1 : 0))
    fill(tokens, { start: creditAt, words: credit.words }, hasTypos)
    fill(tokens, { start: releaseAt, words: release }, hasTypos)
    view.creditLength = credit.words.length
    view.releaseLength = release.length
    view.nameCount = credit.nameNeeded.length
    credit.nameNeeded.forEach((needed, index) => void (view.nameNeeded[index] = needed))
    let least = Number.MAX_SAFE_INTEGER
    headlines.forEach((headline, index) => {
      view.titleLength = headline.words.length
      view.titleNeeded = headline.needed
      fill(tokens, { start: titleAt, words: headline.words }, hasTypos)
      least = Math.min(least, ranker.lossOf(view) + (index === 0 ? 0 : 30))
    })
    const said = variantOf(tokens.map(({ word }) => word))
    const codesFound = best.filter((code) => code < 99)
    const match: Match = codesFound.some((code) => code > 2) ? 'corrected' : codesFound.includes(2) ? 'prefix' : 'exact'
    return { loss: least + variantLoss(variants & ~said), match }
  }
  const passes = ({ document }: Entry, filters: SearchFilters): boolean => {
    const holds = (text: string | undefined, wanted: string | undefined) => wanted === undefined || foldWords(wanted).every(({ word }) => foldWords(text ?? '').some((of) => of.word.startsWith(word)))
    const within = (value: number | undefined, range: { from: number; to: number } | undefined) => range === undefined || (value !== undefined && value >= range.from && value <= range.to)
    return (
      holds(document.kind === 'artist' ? document.title : creditText(document.credits), filters.artist) &&
      holds(document.kind === 'release' ? document.title : document.release?.title, filters.release) &&
      within(document.year, filters.years) &&
      within(document.durationMs, filters.durationMs) &&
      (filters.isPublic !== true || document.isPublic) &&
      (filters.isLossless !== true || document.isLossless) &&
      (filters.isInLibrary !== true || document.isInLibrary)
    )
  }
  const search = (request: SearchRequest): SearchAnswer => {
    const parsed = parseQuery(request.text)
    const filters = joinFilters(parsed.filters, request.filters ?? {})
    const open = parsed.isLastOpen && request.isComplete !== true
    const words = parsed.words.map(({ word }) => cutWord(word))
    const isBare = (word: string, index: number) => bare.includes(word) && !(open && index === words.length - 1)
    const tokens = words.map((word, index): Token => ({ word, isOpen: open && index === words.length - 1, isOptional: isBare(word, index) && words.some((other, at) => !isBare(other, at)) }))
    const kinds = request.kinds ?? documentKinds
    const limit = Math.min(Math.max(request.limit ?? 10, 1), mostHits)
    const offset = Math.min(Math.max(request.offset ?? 0, 0), mostOffset)
    const hasFilters = Object.values(filters).some((value) => value !== undefined)
    const found = new Map<DocumentKind, SearchHit[]>(documentKinds.map((kind) => [kind, []]))
    let isGood = tokens.length === 0 && !hasFilters
    const wanted = tokens.map(({ word, isOpen }) => ({ word, isPrefix: isOpen }))
    const seen = new Set<string>()
    for (const hasTypos of [false, true]) {
      if (isGood) break
      for (const [key, entry] of entries) {
        const { document } = entry
        if (seen.has(key) || !kinds.includes(document.kind) || !passes(entry, filters)) continue
        const result = tokens.length === 0 ? { loss: 0, match: 'exact' as const } : score(entry, tokens, hasTypos)
        if (result === undefined) continue
        seen.add(key)
        isGood ||= result.loss <= goodLoss
        const { kind, id, title, credits, release, year, durationMs, image, isLossless } = document
        const marks = { title: marksOf(title, wanted), credit: marksOf(creditText(credits), wanted), release: marksOf(release?.title ?? '', wanted) }
        found.get(kind)?.push({ kind, id, title, credits, release, year, durationMs, image, isLossless, match: result.match, marks, score: scoreOf(result.loss, popularityPoints(document.popularity)) })
      }
    }
    const popularity = ({ kind, id }: SearchHit) => entries.get(keyOf(kind, id))?.document.popularity ?? 0
    const better = (a: SearchHit, b: SearchHit) => b.score - a.score || popularity(b) - popularity(a) || (a.id < b.id ? -1 : 1)
    const group = (kind: DocumentKind): HitGroup => {
      const hits = (found.get(kind) ?? []).sort(better)
      return { hits: hits.slice(offset, offset + limit), hasMore: hits.length > offset + limit }
    }
    const groups = { track: group('track'), release: group('release'), artist: group('artist'), playlist: group('playlist') }
    const tops = [groups.artist, groups.release, groups.track, groups.playlist].flatMap(({ hits }) => hits.slice(0, 1)).sort((a, b) => b.score - a.score)
    return { top: offset > 0 ? undefined : tops[0], groups, correction: undefined, isCut: false }
  }
  return {
    search,
    suggest: ({ text, limit }) => {
      const { groups } = search({ text, limit: limit ?? 5 })
      const titles = [...groups.artist.hits, ...groups.track.hits].filter(({ match }) => match === 'prefix' || match === 'exact').map(({ title }) => title)
      return [...new Set(titles)].slice(0, limit ?? 5).map((title) => ({ text: title, typed: title.toLowerCase().startsWith(text.toLowerCase()) ? text.length : 0 }))
    },
    apply: (changes) => {
      for (const change of changes) {
        pending++
        if (change.change === 'put') put(change.document)
        else entries.delete(keyOf(change.kind, change.id))
      }
    },
    document: (kind, id) => entries.get(keyOf(kind, id))?.document,
    documents: () => Array.from(entries.values(), ({ document }) => document),
    count: (kind) => Array.from(entries.values()).filter(({ document }) => document.kind === kind).length,
    pendingCount: () => pending,
    snapshot: (sequence) => {
      const text = textOf(Array.from(entries.values(), ({ document }) => document))
      const units = new Uint16Array(text.length)
      for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at)
      return writeSnapshot({ sequence, sections: new Map([['json', units]]) })
    },
  }
}

export const createSearchIndex = (documents: Iterable<SearchDocument>): SearchIndex => createPlainIndex(documents, (entries) => JSON.stringify([...entries]))

export const openSearchIndex = (bytes: Uint8Array<ArrayBuffer>): OpenedIndex => {
  const reading = readSnapshot(bytes)
  if (reading.kind === 'refused') return reading
  const units = reading.sections.get('json') ?? new Uint16Array()
  let text = ''
  for (let at = 0; at < units.length; at += 8192) text += String.fromCharCode(...units.subarray(at, at + 8192))
  return { kind: 'opened', index: createSearchIndex(JSON.parse(text) as SearchDocument[]), sequence: reading.sequence }
}
