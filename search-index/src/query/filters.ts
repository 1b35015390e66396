// Filters and phrases of a query: SPEC.md [SL4], [SL5].
import type { Query } from './query.ts'
import { flags, noYear } from '../segment/segment-arrays.ts'
import { aliasTexts, type KindTable, type Segment } from '../segment/segment.ts'
import type { WordRange } from '../text/vocabulary.ts'

/** The filters and phrases of a query, as word numbers and column values of one segment. */
export type Filter = {
  /** No document of the segment passes. */
  readonly isEmpty: boolean
  /** Each passing document has a word of every range. */
  readonly ranges: readonly WordRange[]
  passes(table: KindTable, document: number): boolean
}

type Words = { readonly words: Uint32Array; readonly start: number; readonly end: number }

export const createFilter = (segment: Segment, { filters, phrases }: Pick<Query, 'filters' | 'phrases'>): Filter => {
  const { vocabulary } = segment
  const artist = filters.artistWords.map((word) => vocabulary.beginningWith(word))
  const release = filters.releaseWords.map((word) => vocabulary.beginningWith(word))
  const wantedPhrases = phrases.map((phrase) => phrase.map((word) => vocabulary.find(word)))
  const wantedFlags =
    (filters.isPublic ? flags.isPublic : 0) |
    (filters.isLossless ? flags.isLossless : 0) |
    (filters.isInLibrary ? flags.isInLibrary : 0)
  const { years, durationMs } = filters

  const passesColumns = (table: KindTable, document: number): boolean => {
    if (((table.flags[document] ?? 0) & wantedFlags) !== wantedFlags) return false
    if (years !== undefined) {
      const year = table.years[document] ?? noYear
      if (year === noYear || year < years.from || year > years.to) return false
    }
    if (durationMs === undefined) return true
    const duration = table.durations[document] ?? Number.NaN
    return duration >= durationMs.from && duration <= durationMs.to
  }
  const passesWords = (table: KindTable, document: number): boolean => {
    if (
      artist.length > 0 &&
      !holdsAll(
        table.kind === 'artist' ? headlines(segment, table, document) : [creditOf(segment, table, document)],
        artist,
      )
    )
      return false
    if (
      release.length > 0 &&
      !holdsAll(
        table.kind === 'release' ? [titleOf(segment, table, document)] : releaseOf(segment, table, document),
        release,
      )
    )
      return false
    if (wantedPhrases.length === 0) return true
    const fields = [
      ...headlines(segment, table, document),
      creditOf(segment, table, document),
      ...releaseOf(segment, table, document),
    ]
    return wantedPhrases.every((phrase) => fields.some((field) => holdsPhrase(field, phrase)))
  }
  return {
    isEmpty:
      [...artist, ...release].some(({ start, end }) => start >= end) ||
      wantedPhrases.some((phrase) => phrase.includes(-1)),
    ranges: [...artist, ...release],
    passes: (table, document) => passesColumns(table, document) && passesWords(table, document),
  }
}

const textWords = ({ arrays, textWordsAt }: Segment, text: number): Words => ({
  words: arrays.texts.words,
  start: textWordsAt[text] ?? 0,
  end: textWordsAt[text + 1] ?? 0,
})
const titleOf = (segment: Segment, table: KindTable, document: number): Words =>
  textWords(segment, table.titles[document] ?? 0)

const headlines = (segment: Segment, table: KindTable, document: number): readonly Words[] => {
  const aliases = aliasTexts(segment, table.aliases[document] ?? 0)
  return [titleOf(segment, table, document), ...Array.from(aliases, (text) => textWords(segment, text))]
}

const creditOf = ({ arrays, creditWordsAt }: Segment, table: KindTable, document: number): Words => {
  const credit = table.credits[document] ?? 0
  return { words: arrays.credits.words, start: creditWordsAt[credit] ?? 0, end: creditWordsAt[credit + 1] ?? 0 }
}

const releaseOf = (segment: Segment, table: KindTable, document: number): readonly Words[] => {
  const release = table.releases[document] ?? 0
  return release === 0 ? [] : [textWords(segment, segment.arrays.releases.titles[release - 1] ?? 0)]
}

const holdsAll = (fields: readonly Words[], ranges: readonly WordRange[]): boolean =>
  ranges.every((range) => fields.some((field) => holdsOneOf(field, range)))

const holdsOneOf = ({ words, start, end }: Words, range: WordRange): boolean => {
  for (let at = start; at < end; at++) {
    const word = words[at] ?? 0
    if (word >= range.start && word < range.end) return true
  }
  return false
}

const holdsPhrase = ({ words, start, end }: Words, phrase: readonly number[]): boolean => {
  for (let at = start; at + phrase.length <= end; at++)
    if (phrase.every((word, place) => words[at + place] === word)) return true
  return false
}
