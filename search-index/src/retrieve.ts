// Goes through the documents of one kind of one segment that may match, most popular first, and offers those that do: SPEC.md [L].
import type { Token, TokenWords } from './expand.ts'
import type { Filter } from './filters.ts'
import type { Matcher } from './matcher.ts'
import { leastLoss, scoreOf, variantLoss } from './rank.ts'
import { isGone, type KindTable } from './segment.ts'
import type { TopHits } from './top-hits.ts'
import type { WordRange } from './vocabulary.ts'

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
export const createWorkSpace = (documents: number): WorkSpace => ({ seen: new Uint32Array((documents + 31) >>> 5), found: [], size: (documents + 31) >>> 5 })

/** Fewer candidates than this are looked at without asking other tokens first. */
const fewCandidates = 300
const mostMarked = 400_000

type Source = { readonly ranges: readonly WordRange[]; readonly words: Uint32Array; readonly wordCount: number; readonly total: number }

const noWords = new Uint32Array()

const sourceOfToken = ({ postings }: KindTable, words: TokenWords): Source => {
  const { starts } = postings
  const ranges: WordRange[] = words.start < words.end ? [words] : words.exact >= 0 ? [{ start: words.exact, end: words.exact + 1 }] : []
  let total = ranges.reduce((sum, { start, end }) => sum + (starts[end] ?? 0) - (starts[start] ?? 0), 0)
  for (let at = 0; at < words.typoCount; at++) {
    const word = words.typos[at] ?? 0
    total += (starts[word + 1] ?? 0) - (starts[word] ?? 0)
  }
  return { ranges, words: words.typos, wordCount: words.typoCount, total }
}

const sourceOfRange = ({ postings: { starts } }: KindTable, range: WordRange): Source => ({ ranges: [range], words: noWords, wordCount: 0, total: (starts[range.end] ?? 0) - (starts[range.start] ?? 0) })

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
  const offer = createOffer(retrieval, attempt)
  if (least === undefined && narrowest === undefined) return visitAll(retrieval, offer)
  if (narrowest !== undefined && (least === undefined || narrowest.total < least.total)) return visit(retrieval, { drivers: [narrowest], offer, passes: undefined })
  const drivers = required.slice(0, attempt.mayMiss + 1)
  const candidates = drivers.reduce((sum, { total }) => sum + total, 0)
  const passes = candidates <= fewCandidates ? undefined : mark(retrieval, { drivers, required, mayMiss: attempt.mayMiss })
  visit(retrieval, { drivers, offer, passes })
}

/** Considers a document; false: no later one of the same list can get in. */
type Offer = (document: number) => boolean

/** Points that a document loses at least, by its `needs` (segment.ts), and whatever those are. */
export type LeastLosses = { readonly byNeeds: Int16Array; readonly ofAny: number }

export const leastLossesOf = (tokens: readonly Token[]): LeastLosses => {
  const isOpen = tokens.at(-1)?.isOpen ?? false
  const byNeeds = Int16Array.from({ length: 256 }, (_, needs) => (tokens.length === 0 ? 0 : leastLoss({ tokens: tokens.length, isOpen }, needs & 15, needs >>> 4)))
  return { byNeeds, ofAny: byNeeds.reduce((least, loss) => Math.min(least, loss), Infinity) }
}

const createOffer = (retrieval: Retrieval, attempt: Attempt): Offer => {
  const { segment, table, matcher, filter, hits, work, variants } = retrieval
  const { extraLoss, minimumLoss, mayMiss } = attempt
  const losses = attempt.leastLosses.byNeeds
  const least = extraLoss + minimumLoss
  const leastOfAll = least + attempt.leastLosses.ofAny
  const hasTokens = attempt.tokens.length > 0
  return (document) => {
    const floor = hits.floor()
    const points = table.points[document] ?? 0
    if (scoreOf(leastOfAll, points) < floor) return false
    const versionLoss = variantLoss((table.variants[document] ?? 0) & ~variants)
    if (scoreOf(least + versionLoss + (losses[table.needs[document] ?? 0] ?? 0), points) < floor) return true
    if (isGone(table, document) || !filter.passes(table, document)) return true
    let loss = 0
    if (hasTokens) {
      if (--work.looks < 0) return false
      matcher.look(table, document)
      if (matcher.missing > mayMiss || attempt.isKnown(matcher)) return true
      loss = matcher.loss() + versionLoss + extraLoss
    }
    const score = scoreOf(loss, points)
    if (score >= floor) hits.offer({ segment, document, attempt: attempt.number, loss, score, popularity: table.popularities[document] ?? 0 })
    return true
  }
}

const isSpent = (work: Work): boolean => {
  if (work.looks >= 0 && work.steps >= 0) return false
  work.isCut = true
  return true
}

const visitAll = ({ table, work }: Retrieval, offer: Offer): void => {
  for (let document = 0; document < table.count; document++) {
    work.steps--
    if (!offer(document) || isSpent(work)) return
  }
}

type Visit = { readonly drivers: readonly Source[]; readonly offer: Offer; readonly passes: ((document: number) => boolean) | undefined }

const visit = (retrieval: Retrieval, { drivers, offer, passes }: Visit): void => {
  const { table, work, space } = retrieval
  const { starts, documents } = table.postings
  const isOnce = drivers.length === 1 && drivers[0] !== undefined && listsIn(drivers[0]) === 1
  const seen = isOnce ? undefined : space.seen.fill(0)
  const visitList = (word: number): boolean => {
    const end = starts[word + 1] ?? 0
    for (let at = starts[word] ?? 0; at < end; at++) {
      const document = documents[at] ?? 0
      work.steps--
      if (seen !== undefined) {
        const bit = 1 << (document & 31)
        const bits = seen[document >>> 5] ?? 0
        if ((bits & bit) !== 0) continue
        seen[document >>> 5] = bits | bit
      }
      if (passes !== undefined && !passes(document)) continue
      if (!offer(document)) break
    }
    return !isSpent(work)
  }
  for (const driver of drivers) if (!eachWord(driver, visitList)) return
}

const listsIn = ({ ranges, wordCount }: Source): number => ranges.reduce((sum, { start, end }) => sum + end - start, wordCount)

/** Until one answers false; then false. */
const eachWord = ({ ranges, words, wordCount }: Source, visitWord: (word: number) => boolean): boolean => {
  for (const { start, end } of ranges) for (let word = start; word < end; word++) if (!visitWord(word)) return false
  for (let at = 0; at < wordCount; at++) if (!visitWord(words[at] ?? 0)) return false
  return true
}

type Marking = { readonly drivers: readonly Source[]; readonly required: readonly Source[]; readonly mayMiss: number }

/** A quick test on bit sets of the documents of other tokens, so that only documents that hold nearly all of them are looked at. */
const mark = ({ table, work, space }: Retrieval, { drivers, required, mayMiss }: Marking): ((document: number) => boolean) | undefined => {
  const { starts, documents } = table.postings
  const others = (mayMiss === 0 ? required.slice(drivers.length) : required).filter(({ total }) => total <= mostMarked)
  const sets: Uint32Array[] = []
  for (const source of others) {
    if (source.total > work.steps) break
    work.steps -= source.total >>> 1
    const set = (space.found[sets.length] ??= new Uint32Array(space.size)).fill(0)
    eachWord(source, (word) => {
      const end = starts[word + 1] ?? 0
      for (let at = starts[word] ?? 0; at < end; at++) {
        const document = documents[at] ?? 0
        set[document >>> 5] = (set[document >>> 5] ?? 0) | (1 << (document & 31))
      }
      return true
    })
    sets.push(set)
  }
  if (sets.length === 0) return undefined
  return (document) => {
    let missing = 0
    for (const set of sets) if (((set[document >>> 5] ?? 0) & (1 << (document & 31))) === 0) missing++
    return missing <= mayMiss
  }
}

