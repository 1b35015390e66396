// An open segment: its stored arrays, and what is derived from them in one pass each, so that snapshots are small.
import type { DocumentKind } from '../document.ts'
import { maxAliases, neededOf, stopWords } from '../text/document-words.ts'
import { createIdTable, type IdTable } from './id-table.ts'
import { createPostings, type Postings } from './postings.ts'
import { popularityPoints } from '../query/rank.ts'
import type { KindArrays, SegmentArrays } from './segment-arrays.ts'
import { createStringPool, offsetsOf, type StringPool } from '../text/string-pool.ts'
import { createDeletions, type Deletions } from '../query/deletions.ts'
import { createVocabulary, type Vocabulary } from '../text/vocabulary.ts'

/** Documents of one kind. A document's number is its place in the order of popularity. */
export type KindTable = KindArrays & {
  readonly kind: DocumentKind
  readonly count: number
  readonly idPool: StringPool
  readonly idTable: IdTable
  /** Popularity points [SR6], in descending order. */
  readonly points: Uint16Array
  /** Fewest needed words of any headline (low four bits) and of any name of the credit line (high four bits), each at most 15; 0: no names, or only stop words. */
  readonly neededCounts: Uint8Array
  readonly postings: Postings
  /** For each word the points of the most popular document that has it: with them most posting lists need not be read. */
  readonly bestPoints: Uint16Array
}

export type Segment = {
  readonly arrays: SegmentArrays
  readonly vocabulary: Vocabulary
  readonly deletions: Deletions
  readonly texts: StringPool
  readonly strings: StringPool
  /** Where the words of each text begin in arrays.texts.words; the other `…At` arrays are alike. */
  readonly textWordsAt: Uint32Array
  /** Needed words of each text as a headline, as a bit set [SD4]. */
  readonly textNeeded: Int32Array
  /** How many those are, at most 15; 0 if all are stop words. */
  readonly textNeededCounts: Uint8Array
  /** For each credit line, the fewest needed words of a name; 0: no names, or only stop words. */
  readonly creditNeededCounts: Uint8Array
  readonly creditWordsAt: Uint32Array
  readonly creditNamesAt: Uint32Array
  /** Needed words of each name that has words, as bit sets; and where those of each credit line begin. */
  readonly nameNeeded: Int32Array
  readonly nameNeededAt: Uint32Array
  readonly aliasesAt: Uint32Array
  readonly kinds: Readonly<Record<DocumentKind, KindTable>>
}

export const openSegment = (arrays: SegmentArrays): Segment => {
  const vocabulary = createVocabulary(arrays.words)
  const base: Omit<Segment, 'kinds'> = {
    arrays,
    vocabulary,
    deletions: createDeletions(vocabulary),
    texts: createStringPool(arrays.texts),
    strings: createStringPool(arrays.strings),
    textWordsAt: offsetsOf(arrays.texts.wordCounts),
    creditWordsAt: offsetsOf(arrays.credits.wordCounts),
    creditNamesAt: offsetsOf(arrays.credits.nameCounts),
    aliasesAt: offsetsOf(arrays.aliases.counts),
    ...neededWords(arrays, vocabulary),
  }
  const table = (kind: DocumentKind) => openKind(base, kind)
  return {
    ...base,
    kinds: { track: table('track'), release: table('release'), artist: table('artist'), playlist: table('playlist') },
  }
}

const stopWordsOf = (vocabulary: Vocabulary): Uint8Array => {
  const isStopWord = new Uint8Array(vocabulary.count)
  for (const word of stopWords) {
    const at = vocabulary.find(word)
    if (at >= 0) isStopWord[at] = 1
  }
  return isStopWord
}

type NeededWords = Pick<
  Segment,
  'textNeeded' | 'textNeededCounts' | 'nameNeeded' | 'nameNeededAt' | 'creditNeededCounts'
>

const neededWords = ({ texts, credits }: SegmentArrays, vocabulary: Vocabulary): NeededWords => {
  const isStopWord = stopWordsOf(vocabulary)
  const neededCountIn = (words: Uint32Array, start: number, needed: number): number => {
    const isAllStopWords = isStopWord[words[start + 31 - Math.clz32(needed)] ?? 0] === 1
    return needed === 0 || isAllStopWords ? 0 : Math.min(bitCount(needed), 15)
  }
  const textNeeded = new Int32Array(texts.wordCounts.length)
  const textNeededCounts = new Uint8Array(textNeeded.length)
  let at = 0
  for (let text = 0; text < textNeeded.length; text++) {
    const start = at
    const needed = neededOf(
      texts.cores[text] ?? 0,
      () => true,
      (place) => isStopWord[texts.words[start + place] ?? 0] === 1,
    )
    textNeeded[text] = needed
    textNeededCounts[text] = neededCountIn(texts.words, start, needed)
    at += texts.wordCounts[text] ?? 0
  }
  const nameNeeded: number[] = []
  const nameNeededAt = new Uint32Array(credits.wordCounts.length + 1)
  const creditNeededCounts = new Uint8Array(credits.wordCounts.length)
  at = 0
  for (let credit = 0; credit < credits.wordCounts.length; credit++) {
    const start = at
    const words = credits.wordCounts[credit] ?? 0
    let names = 0
    for (let place = 0; place < words; place++) names = Math.max(names, credits.wordNames[start + place] ?? 0)
    let least = names === 0 ? 0 : 15
    for (let name = 1; name <= names; name++) {
      const needed = neededOf(
        words,
        (place) => credits.wordNames[start + place] === name,
        (place) => isStopWord[credits.words[start + place] ?? 0] === 1,
      )
      nameNeeded.push(needed)
      least = Math.min(least, neededCountIn(credits.words, start, needed))
    }
    creditNeededCounts[credit] = least
    nameNeededAt[credit + 1] = nameNeeded.length
    at += words
  }
  return { textNeeded, textNeededCounts, nameNeeded: Int32Array.from(nameNeeded), nameNeededAt, creditNeededCounts }
}

const openKind = (base: Omit<Segment, 'kinds'>, kind: DocumentKind): KindTable => {
  const arrays = base.arrays.kinds[kind]
  const idPool = createStringPool(arrays.ids)
  const points = Uint16Array.from(arrays.popularities, popularityPoints)
  const postings = createPostings(base, arrays)
  return {
    ...arrays,
    kind,
    count: arrays.titles.length,
    idPool,
    idTable: createIdTable(idPool),
    points,
    neededCounts: neededCountsOf(base, arrays),
    postings,
    bestPoints: Uint16Array.from({ length: base.vocabulary.count }, (_, word) => bestPointsOf(postings, points, word)),
  }
}

/** The first entry of a posting list is the most popular document. */
const bestPointsOf = ({ starts, entries }: Postings, points: Uint16Array, word: number): number => {
  const first = starts[word] ?? 0
  return first < (starts[word + 1] ?? 0) ? (points[(entries[first] ?? 0) >>> 2] ?? 0) : 0
}

const bitCount = (bits: number): number => {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}

const neededCountsOf = (base: Omit<Segment, 'kinds'>, { titles, credits, aliases }: KindArrays): Uint8Array => {
  const neededCounts = new Uint8Array(titles.length)
  for (let document = 0; document < neededCounts.length; document++) {
    let ofTitle = base.textNeededCounts[titles[document] ?? 0] ?? 0
    const list = aliases[document] ?? 0
    if (list > 0)
      for (const text of aliasTexts(base, list)) ofTitle = Math.min(ofTitle, base.textNeededCounts[text] ?? 0)
    neededCounts[document] = ofTitle | ((base.creditNeededCounts[credits[document] ?? 0] ?? 0) << 4)
  }
  return neededCounts
}

/** The texts of an alias list (0: none), as many as count [SD1]. */
export const aliasTexts = ({ arrays, aliasesAt }: Pick<Segment, 'arrays' | 'aliasesAt'>, list: number): Uint32Array => {
  if (list === 0) return noTexts
  const start = aliasesAt[list - 1] ?? 0
  return arrays.aliases.texts.subarray(start, Math.min(aliasesAt[list] ?? 0, start + maxAliases))
}

const noTexts = new Uint32Array()

export const isDeleted = ({ gone }: Pick<KindArrays, 'gone'>, document: number): boolean =>
  ((gone[document >>> 5] ?? 0) & (1 << (document & 31))) !== 0

export const countAlive = (segment: Segment, kind: DocumentKind): number =>
  segment.kinds[kind].count - segment.kinds[kind].gone.reduce((sum, bits) => sum + bitCount(bits), 0)
