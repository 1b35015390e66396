// The points of a match: SPEC.md [SR1] to [SR7]. Nothing else knows them. Pure: the index and its plain reference implementation both call it.

/** Words that count of each title, name, credit line, release title or alias [SD1]. */
export const maxFieldWords = 24
/** The words of a query (maxWords), and one more for a split. */
export const maxTokens = 13
const rowLength = 3 * maxFieldWords
/** Where the words of a field begin in a row of codes. */
export const titleAt = 0
export const creditAt = titleAt + maxFieldWords
export const releaseAt = creditAt + maxFieldWords

/** How a token matches a word, best first [SM4]; 0: it does not. The even codes match a prefix of the word. */
export const codes = { none: 0, exact: 1, prefix: 2, typo: 3, typoPrefix: 4, typos: 5, typosPrefix: 6 } as const

// All values are points; eight points are one doubling of the popularity [SR6].
/** By code. One typo costs as much as four unmatched words of a title, so that an exact match comes before a corrected one, unless it matches very little. */
export const codeCost = [0, 0, 40, 385, 435, 655, 715] as const
const costs = {
  /** Found in the credit line where the reading expects the title, or the reverse. */
  misplaced: 60,
  /** Found only in the release title: costs more than a partly matched title, because most words are on some release. */
  onRelease: 450,
  /** Not found at all; and the same for an optional token. */
  missing: 1_000,
  missingOptional: 30,
  /** Not directly after the word of the token before it. */
  gap: 12,
  partialTitle: 330,
  partialTitleWord: 12,
  continuedTitle: 70,
  continuedTitleWord: 5,
  partialName: 200,
  partialNameWord: 15,
  continuedName: 50,
  continuedNameWord: 5,
  /** A name was matched, in full or as far as it is typed, and nothing of the title [SR4]. */
  nameAlone: 15,
  /** Part of a name was matched, and nothing of the title. */
  noTitle: 260,
  /** Neither title nor name was matched. */
  releaseOnly: 150,
} as const
const maxWordsCounted = 8

/** Corrections are tried only if all of the best hits lost more points than this [SL1]. */
export const correctionThreshold = 280
/** Cost of a match by an alias [SD2]. */
export const aliasLoss = 30
/** Cost of a match by another reading than the plain one [SL1]: "helo" means Hello before it means the beginning of "He Loves". */
export const readingLoss = 290

/** The input of ranking: the codes of one document for one reading. Filled by the caller and reused for all documents. */
export type MatchView = {
  tokenCount: number
  /** Code of token t at a word: codes[t * rowLength + field start + place of the word]. Old values beyond the lengths below. */
  readonly codes: Uint8Array
  /** 1: the token is optional [SQ3]. */
  readonly isOptional: Uint8Array
  titleLength: number
  creditLength: number
  releaseLength: number
  /** Bit sets over word places: the needed words of the title, and of each name of the credit line [SD4]. */
  titleNeeded: number
  readonly nameNeeded: Int32Array
  nameCount: number
}

export const createMatchView = (): MatchView => ({
  tokenCount: 0,
  codes: new Uint8Array(maxTokens * rowLength),
  isOptional: new Uint8Array(maxTokens),
  titleLength: 0,
  creditLength: 0,
  releaseLength: 0,
  titleNeeded: 0,
  nameNeeded: new Int32Array(maxFieldWords),
  nameCount: 0,
})

export const codeIndex = (token: number, place: number): number => token * rowLength + place

const bitCount = (bits: number): number => {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}

/** [SR3] The needed words that are not in `matched`; undefined: none. `prefixBit`: the word that the last token matches as a prefix (0: none). */
const coverLoss = (
  matched: number,
  needed: number,
  prefixBit: number,
): { readonly isContinued: boolean; readonly words: number } | undefined => {
  const unmatched = needed & ~matched
  if (unmatched === 0) return undefined
  const isContinued = prefixBit !== 0 && matched < prefixBit * 2 && (unmatched & (prefixBit - 1)) === 0
  return { isContinued, words: Math.min(bitCount(unmatched), maxWordsCounted) }
}

const titleLoss = (matched: number, needed: number, prefixBit: number): number => {
  const loss = coverLoss(matched, needed, prefixBit)
  if (loss === undefined) return 0
  return loss.isContinued
    ? costs.continuedTitle + loss.words * costs.continuedTitleWord
    : costs.partialTitle + loss.words * costs.partialTitleWord
}

const nameLoss = (matched: number, needed: number, prefixBit: number): number => {
  const loss = coverLoss(matched, needed, prefixBit)
  if (loss === undefined) return 0
  return loss.isContinued
    ? costs.continuedName + loss.words * costs.continuedNameWord
    : costs.partialName + loss.words * costs.partialNameWord
}

/** The best word of a field for each token: its cost (-1: none), the bit of its place, and that bit again if it matches as a prefix. */
type Picks = { readonly cost: Int32Array; readonly bit: Int32Array; readonly open: Int32Array }
/** Costs and matched words (bit sets) of the tokens, summed from the left or from the right. */
type PrefixSums = { readonly cost: Int32Array; readonly title: Int32Array; readonly credit: Int32Array }

const createPicks = (): Picks => ({
  cost: new Int32Array(maxTokens),
  bit: new Int32Array(maxTokens),
  open: new Int32Array(maxTokens),
})
const createSums = (): PrefixSums => ({
  cost: new Int32Array(maxTokens + 1),
  title: new Int32Array(maxTokens + 1),
  credit: new Int32Array(maxTokens + 1),
})

type Field = { readonly start: number; length: number }

/** The place of a token's cheapest word in a field, -1 if none. `used`: places taken by earlier tokens; `last`: that of the token before. */
const bestPlace = (
  view: MatchView,
  { start, length }: Field,
  at: { readonly token: number; readonly used: number; readonly last: number },
): number => {
  const row = codeIndex(at.token, start)
  let best = 99
  let found = -1
  for (let place = 0; place < length; place++) {
    const code = view.codes[row + place] ?? 0
    if (code === 0) continue
    const value = code * 4 + (place === at.last + 1 ? 0 : (at.used & (1 << place)) === 0 ? 1 : 2)
    if (value < best) {
      best = value
      found = place
    }
  }
  return found
}

/** [SR1] The cheapest word of a field for each token; of equal ones the one after the last, then one not used, then the first. */
const pickWords = (view: MatchView, field: Field, picks: Picks): void => {
  const at = { token: 0, used: 0, last: -2 }
  for (; at.token < view.tokenCount; at.token++) {
    const place = bestPlace(view, field, at)
    const code = place < 0 ? 0 : (view.codes[codeIndex(at.token, field.start + place)] ?? 0)
    const bit = place < 0 ? 0 : 1 << place
    picks.cost[at.token] =
      place < 0 ? -1 : (codeCost[code] ?? 0) + (at.last >= 0 && place !== at.last + 1 ? costs.gap : 0)
    picks.bit[at.token] = bit
    picks.open[at.token] = (code & 1) === 0 ? bit : 0
    at.used |= bit
    at.last = place < 0 ? -2 : place
  }
}

/** Assigns each token to the field where it costs least, given that the reading expects it in the title or in the credit line. */
const createPlacer = (title: Picks, credit: Picks, release: Picks) => {
  const placed = { cost: 0, title: 0, credit: 0 }
  const costIn = (picks: Picks, token: number, extra: number): number => {
    const cost = picks.cost[token] ?? -1
    return cost < 0 ? costs.missing : cost + extra
  }
  const costElsewhere = (view: MatchView, token: number): number => {
    const missing = view.isOptional[token] === 1 ? costs.missingOptional : costs.missing
    return Math.min(missing, costIn(release, token, costs.onRelease))
  }
  const place = (view: MatchView, token: number, isForTitle: boolean): void => {
    const asTitle = costIn(title, token, isForTitle ? 0 : costs.misplaced)
    const asCredit = costIn(credit, token, isForTitle ? costs.misplaced : 0)
    const isTitle = asTitle < asCredit || (asTitle === asCredit && isForTitle)
    const elsewhere = costElsewhere(view, token)
    const isPlaced = Math.min(asTitle, asCredit) < elsewhere
    placed.cost = isPlaced ? Math.min(asTitle, asCredit) : elsewhere
    placed.title = isPlaced && isTitle ? (title.bit[token] ?? 0) : 0
    placed.credit = isPlaced && !isTitle ? (credit.bit[token] ?? 0) : 0
  }
  const add = (sums: PrefixSums, from: number, to: number): void => {
    sums.cost[to] = (sums.cost[from] ?? 0) + placed.cost
    sums.title[to] = (sums.title[from] ?? 0) | placed.title
    sums.credit[to] = (sums.credit[from] ?? 0) | placed.credit
  }
  const sumFromLeft = (view: MatchView, isForTitle: boolean, sums: PrefixSums): void => {
    for (let token = 0; token < view.tokenCount; token++) {
      place(view, token, isForTitle)
      add(sums, token, token + 1)
    }
  }
  const sumFromRight = (view: MatchView, isForTitle: boolean, sums: PrefixSums): void => {
    sums.cost[view.tokenCount] = 0
    sums.title[view.tokenCount] = 0
    sums.credit[view.tokenCount] = 0
    for (let token = view.tokenCount - 1; token >= 0; token--) {
      place(view, token, isForTitle)
      add(sums, token + 1, token)
    }
  }
  return { sumFromLeft, sumFromRight }
}

/** [SR3] Of several matched names, the one that loses least counts; -1: no name was matched. */
const creditLoss = (view: MatchView, matched: number, prefixBit: number): number => {
  let least = -1
  for (let name = 0; matched !== 0 && name < view.nameCount; name++) {
    const needed = view.nameNeeded[name] ?? 0
    if ((matched & needed) === 0) continue
    const loss = nameLoss(matched, needed, prefixBit)
    if (least < 0 || loss < least) least = loss
  }
  return least
}

/** Computes the loss of a match. It reuses its working memory, so an index has one ranker. */
export type Ranker = {
  /** [SR2] to [SR4] Points lost; 0 for a document matched in full. Lower is better. */
  readonly lossOf: (view: MatchView) => number
}

export const createRanker = (): Ranker => {
  const title = createPicks()
  const credit = createPicks()
  const release = createPicks()
  const titleField: Field = { start: titleAt, length: 0 }
  const creditField: Field = { start: creditAt, length: 0 }
  const releaseField: Field = { start: releaseAt, length: 0 }
  // Sums over the tokens before a split (first) and from it on (last), expected in the title or in the credit line.
  const titleFirst = createSums()
  const titleLast = createSums()
  const creditFirst = createSums()
  const creditLast = createSums()
  const orders = [
    { first: titleFirst, last: creditLast },
    { first: creditFirst, last: titleLast },
  ]
  const placer = createPlacer(title, credit, release)

  /** [SR3], [SR4] */
  const coverageLoss = (view: MatchView, titleMatched: number, creditMatched: number): number => {
    const last = view.tokenCount - 1
    const ofCredit = creditLoss(view, creditMatched, (credit.open[last] ?? 0) & creditMatched)
    if (titleMatched !== 0)
      return titleLoss(titleMatched, view.titleNeeded, (title.open[last] ?? 0) & titleMatched) + Math.max(ofCredit, 0)
    if (ofCredit < 0) return costs.noTitle + costs.releaseOnly
    return ofCredit + (ofCredit < costs.partialName ? costs.nameAlone : costs.noTitle)
  }
  const lossAt = (
    view: MatchView,
    { first, last }: { readonly first: PrefixSums; readonly last: PrefixSums },
    split: number,
  ): number => {
    const titleMatched = (first.title[split] ?? 0) | (last.title[split] ?? 0)
    const creditMatched = (first.credit[split] ?? 0) | (last.credit[split] ?? 0)
    return (first.cost[split] ?? 0) + (last.cost[split] ?? 0) + coverageLoss(view, titleMatched, creditMatched)
  }
  const lossOf = (view: MatchView): number => {
    titleField.length = view.titleLength
    creditField.length = view.creditLength
    releaseField.length = view.releaseLength
    pickWords(view, titleField, title)
    pickWords(view, creditField, credit)
    pickWords(view, releaseField, release)
    placer.sumFromLeft(view, true, titleFirst)
    placer.sumFromRight(view, true, titleLast)
    placer.sumFromLeft(view, false, creditFirst)
    placer.sumFromRight(view, false, creditLast)
    let least = Number.MAX_SAFE_INTEGER
    for (const order of orders)
      for (let split = 0; split <= view.tokenCount; split++) least = Math.min(least, lossAt(view, order, split))
    return least
  }
  return { lossOf }
}

const minTitleLoss = (words: number, needed: number, isPrefix: boolean): number => {
  // Only stop words, which a token that is not counted may match.
  if (needed === 0) return 0
  if (needed <= words) return 0
  const unmatched = Math.min(needed - words, maxWordsCounted)
  return isPrefix
    ? costs.continuedTitle + unmatched * costs.continuedTitleWord
    : costs.partialTitle + unmatched * costs.partialTitleWord
}

const minNameLoss = (words: number, needed: number, isPrefix: boolean): number => {
  if (words === 0 || needed <= words) return 0
  const unmatched = Math.min(needed - words, maxWordsCounted)
  return isPrefix
    ? costs.continuedName + unmatched * costs.continuedNameWord
    : costs.partialName + unmatched * costs.partialNameWord
}

const minWithoutTitle = (words: number, nameNeeded: number, isPrefix: boolean): number => {
  if (words === 0) return nameNeeded === 0 ? costs.nameAlone : costs.noTitle
  const loss = minNameLoss(words, nameNeeded, isPrefix)
  return loss + (loss < costs.partialName ? costs.nameAlone : costs.noTitle)
}

/** How many tokens can match a needed word: of the title, of a name, and of either. */
export type MatchableTokens = {
  readonly onTitle: number
  readonly onCredit: number
  readonly all: number
  /** The last one is a prefix token. */ readonly isPrefix: boolean
}

/**
 * A lower bound of the loss of a document of which only the fewest needed words of a headline and of a name are known (each at most 15; 0: no names, or
 * only stop words). With it most documents need not be compared. It assumes that every token is found where it helps most.
 */
export const minLoss = (
  { onTitle, onCredit, all, isPrefix }: MatchableTokens,
  titleNeeded: number,
  nameNeeded: number,
): number => {
  let least = minWithoutTitle(Math.min(all, onCredit), nameNeeded, isPrefix)
  for (let words = 1; words <= onTitle; words++) {
    const loss =
      minTitleLoss(words, titleNeeded, isPrefix) + minNameLoss(Math.min(all - words, onCredit), nameNeeded, isPrefix)
    if (loss < least) least = loss
  }
  return least
}

/** The least loss of a document found with a typo, or without one of the tokens. */
export const minTypoLoss = codeCost[codes.typo]
export const minMissingLoss = costs.missing

/** [SR6] Points of a popularity: eight per doubling, at most 400. */
export const popularityPoints = (popularity: number): number => Math.min(400, Math.floor(8 * Math.log2(1 + popularity)))

/** [SR5] Cost of a version marker that the query does not have, by bit of `variantOf` (variants.ts). */
const variantCosts = [420, 420, 420, 420, 120, 90, 120, 90] as const

export const variantLoss = (variants: number): number => {
  let loss = 0
  for (let bit = 0; bit < variantCosts.length; bit++)
    if ((variants & (1 << bit)) !== 0) loss = Math.max(loss, variantCosts[bit] ?? 0)
  return loss
}

/** [SR7] Score of a document that loses nothing and has popularity 0. */
const fullScore = 10_000

export const scoreOf = (loss: number, popularity: number): number => fullScore - loss + popularity
