// Goes through the documents of one kind of one segment that may match, most popular first, and offers those that do: SPEC.md [SL].
import type { Token, TokenWords } from './expand.ts'
import { smallWords } from '../text/document-words.ts'
import type { Filter } from './filters.ts'
import type { Matcher } from './matcher.ts'
import { inCredit, inHeadline } from '../segment/postings.ts'
import { codeCost, codes, leastLoss, scoreOf, variantLoss } from './rank.ts'
import { isGone, type KindTable } from '../segment/segment.ts'
import type { TopHits } from './top-hits.ts'
import type { WordRange } from '../text/vocabulary.ts'

/** One way of matching. The matcher is prepared for its tokens. */
export type Attempt = {
  readonly number: number
  readonly tokens: readonly Token[]
  /** How many tokens that are not optional may be missing. */
  readonly mayMiss: number
  /** Points that every document loses by it, and points that it loses at least beyond those. */
  readonly extraLoss: number
  readonly minimumLoss: number
  readonly leastLosses: LeastLosses
  /** Documents to pass over, because they matched before. Asked after `look`. */
  readonly isKnown: (matcher: Matcher) => boolean
}

/** What is left of the work that one search may do. A step is a document number read; a look, a document compared word by word. */
export type Work = { steps: number; looks: number; isCut: boolean }

export type Retrieval = {
  readonly segment: number
  readonly table: KindTable
  readonly matcher: Matcher
  readonly filter: Filter
  readonly hits: TopHits
  readonly work: Work
  readonly space: WorkSpace
  /** Version signs that cost nothing. */
  readonly variants: number
}

/** Bit sets over a table's documents, kept from search to search. */
export type WorkSpace = { readonly seen: Uint32Array; readonly found: Uint32Array[]; readonly size: number }
export const createWorkSpace = (documents: number): WorkSpace => ({
  seen: new Uint32Array((documents + 31) >>> 5),
  found: [],
  size: (documents + 31) >>> 5,
})

/** Fewer candidates than this are looked at without asking other tokens first. */
const fewCandidates = 300
/** Others are asked only if reading their lists costs less than looking at the candidates: so many entries per candidate, and no more than so many. */
const markedPerCandidate = 100
const mostMarked = 200_000

/** Words of which each document holds one: those of a token, or a range of words of no particular token. `total`: documents of all lists. */
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
    candidates <= fewCandidates
      ? undefined
      : mark(retrieval, {
          drivers,
          required,
          mayMiss: attempt.mayMiss,
          most: Math.min(mostMarked, candidates * markedPerCandidate),
        })
  visit(retrieval, attempt, { drivers, passes })
}

/**
 * Considers the document of an entry (postings.ts) that loses at least so many points by the word by which it was met; false: no later one of the same list can
 * get in. A document may be met by several words: what is passed over by one may be looked at by another, and is looked at once.
 */
type Offer = (entry: number, foundLoss: number) => boolean

/** Points that a document loses at least: by where the word stands by which it was met (0 to 3, postings.ts), then by its `needs` (segment.ts). */
export type LeastLosses = { readonly byNeeds: readonly Int16Array[]; readonly ofAny: number }

/** `missing`: how many tokens are not found at least. */
export const leastLossesOf = (tokens: readonly Token[], missing: number): LeastLosses => {
  const isOpen = tokens.at(-1)?.isOpen ?? false
  // Small words are never needed beside others, so a token that is one says nothing needed.
  const all = Math.max(
    0,
    tokens.filter(({ word, isOptional }) => !isOptional || !smallWords.has(word)).length - missing,
  )
  const byNeeds = [0, inHeadline, inCredit, inHeadline | inCredit].map((fields) => {
    const onTitle = (fields & inHeadline) === 0 ? Math.max(0, all - 1) : all
    const onCredit = (fields & inCredit) === 0 ? Math.max(0, all - 1) : all
    return Int16Array.from({ length: 256 }, (_, needs) =>
      tokens.length === 0 ? 0 : leastLoss({ onTitle, onCredit, all, isOpen }, needs & 15, needs >>> 4),
    )
  })
  return {
    byNeeds,
    ofAny: byNeeds.reduce((least, losses) => losses.reduce((low, loss) => Math.min(low, loss), least), Infinity),
  }
}

const createOffer = (retrieval: Retrieval, attempt: Attempt, seen: Uint32Array | undefined): Offer => {
  const { segment, table, filter, hits, work, variants } = retrieval
  const { extraLoss, minimumLoss } = attempt
  const { byNeeds, ofAny } = attempt.leastLosses
  const lossOf = createLoss(retrieval, attempt)
  const lossByNeeds = (entry: number): number => byNeeds[entry & 3]?.[table.needs[entry >>> 2] ?? 0] ?? 0
  const mayPass = (document: number): boolean =>
    !(seen !== undefined && isMarked(seen, document)) && !isGone(table, document) && filter.passes(table, document)
  const look = (document: number, points: number, otherLoss: number): void => {
    if (seen !== undefined) setMark(seen, document)
    const lossOfWords = lossOf(document)
    if (lossOfWords < 0) return
    const loss = lossOfWords + otherLoss
    const score = scoreOf(loss, points)
    if (score >= hits.floor())
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
    if (work.looks < 0) return false
    const document = entry >>> 2
    const floor = hits.floor()
    const points = table.points[document] ?? 0
    const least = extraLoss + Math.max(minimumLoss, foundLoss)
    if (scoreOf(least + ofAny, points) < floor) return false
    const versionLoss = variantLoss((table.variants[document] ?? 0) & ~variants)
    if (scoreOf(least + versionLoss + lossByNeeds(entry), points) >= floor && mayPass(document))
      look(document, points, versionLoss + extraLoss)
    return true
  }
}

/** Points lost by the words of a document; below zero if it does not match. */
const createLoss = (
  { table, matcher, work }: Retrieval,
  { tokens, mayMiss, isKnown }: Attempt,
): ((document: number) => number) => {
  if (tokens.length === 0) return () => 0
  return (document) => {
    if (--work.looks < 0) return -1
    matcher.look(table, document)
    return matcher.missing > mayMiss || isKnown(matcher) ? -1 : matcher.loss()
  }
}

const isMarked = (set: Uint32Array, document: number): boolean =>
  ((set[document >>> 5] ?? 0) & (1 << (document & 31))) !== 0
const setMark = (set: Uint32Array, document: number): void => {
  set[document >>> 5] = (set[document >>> 5] ?? 0) | (1 << (document & 31))
}

const isSpent = (work: Work): boolean => {
  if (work.looks >= 0 && work.steps >= 0) return false
  work.isCut = true
  return true
}

const visitAll = (retrieval: Retrieval, attempt: Attempt): void => {
  const { table, work } = retrieval
  const offer = createOffer(retrieval, attempt, undefined)
  for (let document = 0; document < table.count; document++) {
    work.steps--
    if (!offer(document * 4 + anyField, 0) || isSpent(work)) return
  }
}

const anyField = inHeadline | inCredit

type Visit = { readonly drivers: readonly Source[]; readonly passes: ((document: number) => boolean) | undefined }

const visit = (retrieval: Retrieval, attempt: Attempt, { drivers, passes }: Visit): void => {
  const { table, hits, work, space } = retrieval
  const { starts, entries } = table.postings
  const isOnce = drivers.length === 1 && drivers.every(isOneList)
  const offer = createOffer(retrieval, attempt, isOnce ? undefined : space.seen.fill(0))
  if (!isOnce && passes === undefined && drivers.some(({ total }) => total > manyDocuments))
    visitBestKnown(retrieval, offer)
  const { extraLoss, minimumLoss, leastLosses } = attempt
  const visitList = (word: number, code: number): boolean => {
    if (
      scoreOf(extraLoss + Math.max(minimumLoss, codeCost[code] ?? 0) + leastLosses.ofAny, table.bestPoints[word] ?? 0) <
      hits.floor()
    )
      return true
    const end = starts[word + 1] ?? 0
    const foundLoss = codeCost[code] ?? 0
    for (let at = starts[word] ?? 0; at < end; at++) {
      const entry = entries[at] ?? 0
      work.steps--
      if (passes !== undefined && !passes(entry >>> 2)) continue
      if (!offer(entry, foundLoss)) break
    }
    return !isSpent(work)
  }
  for (const driver of drivers) if (!eachWord(driver, visitList)) return
}

/** Where lists are long, the best-known documents are tried first, so that most of the others need not be looked at. */
const manyDocuments = 5_000
const bestKnown = 100

const visitBestKnown = ({ table, work }: Retrieval, offer: Offer): void => {
  const count = Math.min(bestKnown, table.count)
  for (let document = 0; document < count && !isSpent(work); document++) offer(document * 4 + anyField, 0)
}

const isOneList = ({ token, range }: Source): boolean => range.end - range.start + (token?.typoCount ?? 0) === 1

const typoCodes = [codes.typo, codes.typoPrefix, codes.typos, codes.typosPrefix] as const

/** Best codes first, so that a document is first met by the best of its words; until one answers false, then false. */
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

type Marking = {
  readonly drivers: readonly Source[]
  readonly required: readonly Source[]
  readonly mayMiss: number
  readonly most: number
}

/** A quick test on bit sets of the documents of other tokens, so that only documents that hold nearly all of them are looked at. */
const mark = (
  { table, work, space }: Retrieval,
  { drivers, required, mayMiss, most }: Marking,
): ((document: number) => boolean) | undefined => {
  const { starts, entries } = table.postings
  const others = (mayMiss === 0 ? required.slice(drivers.length) : required)
    .filter(({ total }) => total <= most)
    .slice(0, mayMiss === 0 ? 2 : required.length)
  const sets: Uint32Array[] = []
  for (const source of others) {
    if (source.total > work.steps) break
    work.steps -= source.total >>> 1
    const set = (space.found[sets.length] ??= new Uint32Array(space.size)).fill(0)
    eachWord(source, (word) => {
      const end = starts[word + 1] ?? 0
      for (let at = starts[word] ?? 0; at < end; at++) {
        setMark(set, (entries[at] ?? 0) >>> 2)
      }
      return true
    })
    sets.push(set)
  }
  if (sets.length === 0) return undefined
  return (document) => {
    let missing = 0
    for (const set of sets) if (!isMarked(set, document)) missing++
    return missing <= mayMiss
  }
}
