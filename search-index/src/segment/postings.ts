import { maxAliases } from '../text/document-words.ts'
import { groupNumbers } from './group-numbers.ts'
import { maxFieldWords } from '../query/rank.ts'
import type { KindArrays, SegmentArrays } from './segment-arrays.ts'

/**
 * For each word the documents that have it in any field, in the order of their numbers: entries[starts[word] .. starts[word + 1]]. An entry is
 * the number of a document times four, plus `inHeadline` and `inCredit` if the word is in those fields.
 */
export type Postings = { readonly starts: Uint32Array; readonly entries: Uint32Array }
export const inHeadline = 1
export const inCredit = 2

/** The parts of a segment that say which words a document has; see `Segment` for the offsets. */
type Base = {
  readonly arrays: SegmentArrays
  readonly textWordsAt: Uint32Array
  readonly creditWordsAt: Uint32Array
  readonly aliasesAt: Uint32Array
}

export const createPostings = (base: Base, kind: KindArrays): Postings => {
  const wordsOf = createWordLister(base, kind)
  const { starts, numbers } = groupNumbers(base.arrays.words.lengths.length, (add) => {
    for (let document = 0; document < kind.titles.length; document++) {
      const words = wordsOf(document)
      for (let at = 0; at < words; at++) add(wordsOf.list[at] ?? 0, document * 4 + (wordsOf.fields[at] ?? 0))
    }
  })
  return { starts, entries: numbers }
}

/** Writes the distinct words of a document to `list` and their fields to `fields`; returns how many there are. */
const createWordLister = ({ arrays, textWordsAt, creditWordsAt, aliasesAt }: Base, kind: KindArrays) => {
  const list = new Uint32Array((3 + maxAliases) * maxFieldWords)
  const fields = new Uint8Array(list.length)
  // For each word the number of the last call that found it, and its place in that call's list.
  const seen = new Uint32Array(arrays.words.lengths.length)
  const places = new Uint16Array(seen.length)
  let field = 0
  let round = 0
  let length = 0
  const add = (words: Uint32Array, start: number, end: number) => {
    for (let at = start; at < end; at++) {
      const word = words[at] ?? 0
      if (seen[word] === round) {
        const place = places[word] ?? 0
        fields[place] = (fields[place] ?? 0) | field
        continue
      }
      seen[word] = round
      places[word] = length
      fields[length] = field
      list[length++] = word
    }
  }
  const addText = (text: number) => void add(arrays.texts.words, textWordsAt[text] ?? 0, textWordsAt[text + 1] ?? 0)
  const addCredit = (credit: number) =>
    void add(arrays.credits.words, creditWordsAt[credit] ?? 0, creditWordsAt[credit + 1] ?? 0)
  const addAliases = (list: number): void => {
    if (list === 0) return
    const start = aliasesAt[list - 1] ?? 0
    const end = Math.min(aliasesAt[list] ?? 0, start + maxAliases)
    for (let at = start; at < end; at++) addText(arrays.aliases.texts[at] ?? 0)
  }
  const wordsOf = (document: number): number => {
    round++
    length = 0
    field = inHeadline
    addText(kind.titles[document] ?? 0)
    addAliases(kind.aliases[document] ?? 0)
    field = inCredit
    addCredit(kind.credits[document] ?? 0)
    field = 0
    const release = kind.releases[document] ?? 0
    if (release > 0) addText(arrays.releases.titles[release - 1] ?? 0)
    return length
  }
  return Object.assign(wordsOf, { list, fields })
}
