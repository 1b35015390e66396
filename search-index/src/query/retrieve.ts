// Reads the postings of one kind in one segment, most popular documents first, and offers the documents that match: SPEC.md [SL0] to [SL3].
import type { Token, TokenWords } from './expand.ts'
import { stopWords } from '../text/document-words.ts'
import type { Filter } from './filters.ts'
import type { Matcher } from './matcher.ts'
import { inCredit, inHeadline } from '../segment/postings.ts'
import { codeCost, codes, minLoss, scoreOf, variantLoss } from './rank.ts'
import { isDeleted, type KindTable } from '../segment/segment.ts'
import type { TopHits } from './top-hits.ts'
import type { WordRange } from '../text/vocabulary.ts'

/** One attempt at matching a query: its tokens and rules. The matcher is prepared for the tokens. */
export type Attempt = {
  readonly number: number
  readonly tokens: readonly Token[]
  /** How many tokens that are not optional may be missing. */
  readonly mayMiss: number
  /** Points that every document loses in this attempt; and the least that any loses beyond those. */
  readonly extraLoss: number
  readonly minimumLoss: number
  readonly minLosses: MinLosses
  /** The document compared last matched in an earlier attempt, and is skipped. Called after `compare`. */
  readonly hasMatchedBefore: (matcher: Matcher) => boolean
}

/** The work that one search may still do: postings to read, and documents to compare word by word. `isCut`: a bound was met. */
export type Work = { postingsLeft: number; comparisonsLeft: number; isCut: boolean }

export type Retrieval = {
  readonly segment: number
  readonly table: KindTable
  readonly matcher: Matcher
  readonly filter: Filter
  readonly hits: TopHits
  readonly work: Work
  readonly bitSets: BitSets
  /** Version markers that the query asks for: they cost nothing. */
  readonly variants: number
}

/** Bit sets over a table's documents, reused from search to search. `size`: 32-bit words of each. */
export type BitSets = { readonly visited: Uint32Array; readonly prefilters: Uint32Array[]; readonly size: number }
export const createBitSets = (documents: number): BitSets => ({
  visited: new Uint32Array((documents + 31) >>> 5),
  prefilters: [],
  size: (documents + 31) >>> 5,
})

/** Up to this many candidates are compared without a prefilter. */
const unfilteredCandidates = 300
/** A token's postings are used as a prefilter only if reading them costs less than comparing: at most so many postings per candidate, and in all. */
const prefilterEntriesPerCandidate = 100
const maxPrefilterEntries = 200_000

/** Words of which every matching document holds one: those of a token, or a range of words from a filter. `total`: length of all their posting lists. */
type Source = { readonly token: TokenWords | undefined; readonly range: WordRange; readonly total: number }

const sourceOfToken = ({ postings }: KindTable, words: TokenWords): Source => {
  const { starts } = postings
  const range = words.start < words.end ? words : { start: words.exact, end: words.exact + (words.exact < 0 ? 0 : 1) }
  let total = range.start < range.end ? (starts[range.end] ?? 0) - (starts[range.start] ?? 0) : 0
  for (let at = 0; at < words.typoCount; at++) {
    const word = words.typos[at] ?? 0
    total += (starts[word + 1] ?? 0) - (starts[word] ?? 0)
  }
  return { token: words, range, total }
}

const sourceOfRange = ({ postings: { starts } }: KindTable, range: WordRange): Source => ({
  token: undefined,
  range,
  total: (starts[range.end] ?? 0) - (starts[range.start] ?? 0),
})

const fewestFirst = (one: Source, other: Source): number => one.total - other.total

export const retrieve = (retrieval: Retrieval, attempt: Attempt): void => {
  const { table, matcher, filter } = retrieval
  const required = attempt.tokens.flatMap((token, at) => {
    const words = matcher.words[at]
    return token.isOptional || words === undefined ? [] : [sourceOfToken(table, words)]
  })
  if (required.filter(({ total }) => total === 0).length > attempt.mayMiss) return
  required.sort(fewestFirst)
  const limits = filter.ranges.map((range) => sourceOfRange(table, range)).sort(fewestFirst)
  const least = required[attempt.mayMiss]
  const narrowest = limits[0]
  if (least === undefined && narrowest === undefined) {
    visitAll(retrieval, attempt)
    return
  }
  if (narrowest !== undefined && (least === undefined || narrowest.total < least.total)) {
    visit(retrieval, attempt, { drivers: [narrowest], passes: undefined })
    return
  }
  const drivers = required.slice(0, attempt.mayMiss + 1)
  const candidates = drivers.reduce((sum, { total }) => sum + total, 0)
  const passes =
    candidates <= unfilteredCandidates
      ? undefined
      : createPrefilter(retrieval, {
          drivers,
          required,
          mayMiss: attempt.mayMiss,
          most: Math.min(maxPrefilterEntries, candidates * prefilterEntriesPerCandidate),
        })
  visit(retrieval, attempt, { drivers, passes })
}

/**
 * Considers the document of a posting (postings.ts). `foundLoss`: points that it loses at least, by the word of this posting list. False: no later document
 * of the same list can be among the best. A document can be in several lists: one of them may skip it and another compare it; it is compared once.
 */
type Offer = (entry: number, foundLoss: number) => boolean

/** Points that a document loses at least: by the fields of the posting (0 to 3, postings.ts), then by its `neededCounts` (segment.ts). `ofAny`: least of all. */
export type MinLosses = { readonly byNeededCounts: readonly Int16Array[]; readonly ofAny: number }

/** `missing`: at least so many tokens are not found. */
export const minLossesOf = (tokens: readonly Token[], missing: number): MinLosses => {
  const isPrefix = tokens.at(-1)?.isPrefix ?? false
  // Stop words are never needed beside other words, so a token that is a stop word matches no needed word.
  const all = Math.max(0, tokens.filter(({ word, isOptional }) => !isOptional || !stopWords.has(word)).length - missing)
  const byNeededCounts = [0, inHeadline, inCredit, inHeadline | inCredit].map((fields) => {
    const onTitle = (fields & inHeadline) === 0 ? Math.max(0, all - 1) : all
    const onCredit = (fields & inCredit) === 0 ? Math.max(0, all - 1) : all
    return Int16Array.from({ length: 256 }, (_, neededCounts) =>
      tokens.length === 0 ? 0 : minLoss({ onTitle, onCredit, all, isPrefix }, neededCounts & 15, neededCounts >>> 4),
    )
  })
  return {
    byNeededCounts,
    ofAny: byNeededCounts.reduce((least, losses) => losses.reduce((low, loss) => Math.min(low, loss), least), Infinity),
  }
}

const createOffer = (retrieval: Retrieval, attempt: Attempt, visited: Uint32Array | undefined): Offer => {
  const { segment, table, filter, hits, work, variants } = retrieval
  const { extraLoss, minimumLoss } = attempt
  const { byNeededCounts, ofAny } = attempt.minLosses
  const lossOf = createLoss(retrieval, attempt)
  const lossByNeededCounts = (entry: number): number =>
    byNeededCounts[entry & 3]?.[table.neededCounts[entry >>> 2] ?? 0] ?? 0
  const mayPass = (document: number): boolean =>
    !(visited !== undefined && hasBit(visited, document)) &&
    !isDeleted(table, document) &&
    filter.passes(table, document)
  const compare = (document: number, points: number, otherLoss: number): void => {
    if (visited !== undefined) setBit(visited, document)
    const lossOfWords = lossOf(document)
    if (lossOfWords < 0) return
    const loss = lossOfWords + otherLoss
    const score = scoreOf(loss, points)
    if (score >= hits.minCompetitiveScore())
      hits.offer({
        segment,
        document,
        attempt: attempt.number,
        loss,
        score,
        popularity: table.popularities[document] ?? 0,
      })
  }
  return (entry, foundLoss) => {
    if (work.comparisonsLeft < 0) return false
    const document = entry >>> 2
    const minScore = hits.minCompetitiveScore()
    const points = table.points[document] ?? 0
    const least = extraLoss + Math.max(minimumLoss, foundLoss)
    if (scoreOf(least + ofAny, points) < minScore) return false
    const versionLoss = variantLoss((table.variants[document] ?? 0) & ~variants)
    if (scoreOf(least + versionLoss + lossByNeededCounts(entry), points) >= minScore && mayPass(document))
      compare(document, points, versionLoss + extraLoss)
    return true
  }
}

/** Points lost by the words of a document; below zero if it does not match. */
const createLoss = (
  { table, matcher, work }: Retrieval,
  { tokens, mayMiss, hasMatchedBefore }: Attempt,
): ((document: number) => number) => {
  if (tokens.length === 0) return () => 0
  return (document) => {
    if (--work.comparisonsLeft < 0) return -1
    matcher.compare(table, document)
    return matcher.missing > mayMiss || hasMatchedBefore(matcher) ? -1 : matcher.loss()
  }
}

const hasBit = (set: Uint32Array, document: number): boolean =>
  ((set[document >>> 5] ?? 0) & (1 << (document & 31))) !== 0
const setBit = (set: Uint32Array, document: number): void => {
  set[document >>> 5] = (set[document >>> 5] ?? 0) | (1 << (document & 31))
}

const isExhausted = (work: Work): boolean => {
  if (work.comparisonsLeft >= 0 && work.postingsLeft >= 0) return false
  work.isCut = true
  return true
}

const visitAll = (retrieval: Retrieval, attempt: Attempt): void => {
  const { table, work } = retrieval
  const offer = createOffer(retrieval, attempt, undefined)
  for (let document = 0; document < table.count; document++) {
    work.postingsLeft--
    if (!offer(document * 4 + anyField, 0) || isExhausted(work)) return
  }
}

const anyField = inHeadline | inCredit

type Visit = { readonly drivers: readonly Source[]; readonly passes: ((document: number) => boolean) | undefined }

const visit = (retrieval: Retrieval, attempt: Attempt, { drivers, passes }: Visit): void => {
  const { table, hits, work, bitSets } = retrieval
  const { starts, entries } = table.postings
  const isSingleList = drivers.length === 1 && drivers.every(isOneList)
  const offer = createOffer(retrieval, attempt, isSingleList ? undefined : bitSets.visited.fill(0))
  if (!isSingleList && passes === undefined && drivers.some(({ total }) => total > longList))
    visitMostPopular(retrieval, offer)
  const { extraLoss, minimumLoss, minLosses } = attempt
  const visitList = (word: number, code: number): boolean => {
    if (
      scoreOf(extraLoss + Math.max(minimumLoss, codeCost[code] ?? 0) + minLosses.ofAny, table.bestPoints[word] ?? 0) <
      hits.minCompetitiveScore()
    )
      return true
    const end = starts[word + 1] ?? 0
    const foundLoss = codeCost[code] ?? 0
    for (let at = starts[word] ?? 0; at < end; at++) {
      const entry = entries[at] ?? 0
      work.postingsLeft--
      if (passes !== undefined && !passes(entry >>> 2)) continue
      if (!offer(entry, foundLoss)) break
    }
    return !isExhausted(work)
  }
  for (const driver of drivers) if (!eachWord(driver, visitList)) return
}

/** Where posting lists are long, the most popular documents are compared first: then most of the others cannot be among the best. */
const longList = 5_000
const mostPopularCount = 100

const visitMostPopular = ({ table, work }: Retrieval, offer: Offer): void => {
  const count = Math.min(mostPopularCount, table.count)
  for (let document = 0; document < count && !isExhausted(work); document++) offer(document * 4 + anyField, 0)
}

const isOneList = ({ token, range }: Source): boolean => range.end - range.start + (token?.typoCount ?? 0) === 1

const typoCodes = [codes.typo, codes.typoPrefix, codes.typos, codes.typosPrefix] as const

/** Calls `visitWord` for each word, best codes first, so that a document is first found by its best word. Stops at the first false, and returns it. */
const eachWord = ({ token, range, total }: Source, visitWord: (word: number, code: number) => boolean): boolean => {
  if (total === 0) return true
  const exact = token?.exact ?? -1
  if (exact >= 0 && !visitWord(exact, codes.exact)) return false
  const code = token === undefined ? codes.exact : codes.prefix
  for (let word = range.start; word < range.end; word++) if (word !== exact && !visitWord(word, code)) return false
  return token === undefined || eachTypo(token, visitWord)
}

const eachTypo = (
  { typos, typoCount, codeOf }: TokenWords,
  visitWord: (word: number, code: number) => boolean,
): boolean => {
  if (typoCount === 0) return true
  for (const code of typoCodes) {
    for (let at = 0; at < typoCount; at++) {
      const word = typos[at] ?? 0
      if (codeOf[word] === code && !visitWord(word, code)) return false
    }
  }
  return true
}

type PrefilterRequest = {
  readonly drivers: readonly Source[]
  readonly required: readonly Source[]
  readonly mayMiss: number
  readonly most: number
}

/** A cheap test with bit sets of the documents of other tokens: only documents that hold nearly all tokens are compared. Undefined: no test is worth it. */
const createPrefilter = (
  { table, work, bitSets }: Retrieval,
  { drivers, required, mayMiss, most }: PrefilterRequest,
): ((document: number) => boolean) | undefined => {
  const { starts, entries } = table.postings
  const others = (mayMiss === 0 ? required.slice(drivers.length) : required)
    .filter(({ total }) => total <= most)
    .slice(0, mayMiss === 0 ? 2 : required.length)
  const sets: Uint32Array[] = []
  for (const source of others) {
    if (source.total > work.postingsLeft) break
    work.postingsLeft -= source.total >>> 1
    const set = (bitSets.prefilters[sets.length] ??= new Uint32Array(bitSets.size)).fill(0)
    eachWord(source, (word) => {
      const end = starts[word + 1] ?? 0
      for (let at = starts[word] ?? 0; at < end; at++) {
        setBit(set, (entries[at] ?? 0) >>> 2)
      }
      return true
    })
    sets.push(set)
  }
  if (sets.length === 0) return undefined
  return (document) => {
    let missing = 0
    for (const set of sets) if (!hasBit(set, document)) missing++
    return missing <= mayMiss
  }
}
