// The words of a document that are compared with a query: SPEC.md [SD1] to [SD5].
import type { CreditName, SearchDocument } from '../document.ts'
import { foldWords, type FoldedWord } from './fold.ts'
import { maxFieldWords } from '../query/rank.ts'
import { strongVariants, variantOf } from './variants.ts'

export const maxAliases = 8
const maxWordLength = 40

/** Stop words: never needed beside other words [SD4]. */
export const stopWords: ReadonlySet<string> = new Set([
  'the',
  'a',
  'an',
  'and',
  'feat',
  'ft',
  'featuring',
  'with',
  'vs',
])

/** `needed`: bit set over word places [SD4]. */
export type Headline = { readonly words: readonly string[]; readonly needed: number; readonly coreLength: number }
/** `wordNames`: for each word the number of its name, from 1, counting only names that have words; 0 for words of joins. `nameNeeded`: a bit set for each such name. */
export type CreditLine = {
  readonly words: readonly string[]
  readonly wordNames: readonly number[]
  readonly nameNeeded: readonly number[]
}

export type DocumentWords = {
  /** Of the title, then of the aliases. */
  readonly headlines: readonly Headline[]
  readonly credit: CreditLine
  readonly release: readonly string[]
  readonly variants: number
}

export const cutWord = (word: string): string => (word.length > maxWordLength ? word.slice(0, maxWordLength) : word)
const wordsIn = (folded: readonly FoldedWord[]): readonly string[] => folded.map(({ word }) => cutWord(word))
const foldField = (text: string): readonly FoldedWord[] => foldWords(text).slice(0, maxFieldWords)

const coreEnd = /[([]| [-–—] | feat\. | ft\. | featuring /giu

const coreEndOf = (text: string): number => {
  coreEnd.lastIndex = 1
  const found = coreEnd.exec(text)
  return found === null ? text.length : found.index
}

export const headlineOf = (text: string): Headline => {
  const folded = foldField(text)
  const words = wordsIn(folded)
  const cut = coreEndOf(text)
  const inCore = folded.filter(({ start }) => start < cut).length
  const coreLength = inCore === 0 ? words.length : inCore
  return {
    words,
    needed: neededOf(
      words.length,
      (place) => place < coreLength,
      (place) => stopWords.has(words[place] ?? ''),
    ),
    coreLength,
  }
}

/** Bit set of the needed places [SD4]: those that are part of it and no stop word; if there are none, all that are part of it. */
export const neededOf = (
  places: number,
  isPart: (place: number) => boolean,
  isStopWord: (place: number) => boolean,
): number => {
  let all = 0
  let needed = 0
  for (let place = 0; place < places; place++) {
    if (!isPart(place)) continue
    all |= 1 << place
    if (!isStopWord(place)) needed |= 1 << place
  }
  return needed === 0 ? all : needed
}

export const creditText = (credits: readonly CreditName[]): string =>
  credits.map(({ name, join }) => name + join).join('')

export const creditLineOf = (credits: readonly CreditName[]): CreditLine => {
  const folded = foldField(creditText(credits))
  const words = wordsIn(folded)
  const wordNames = words.map(() => 0)
  let names = 0
  let at = 0
  for (const { name, join } of credits) {
    const end = at + name.length
    const places = folded.flatMap(({ start }, place) => (start >= at && start < end ? [place] : []))
    if (places.length > 0) names++
    for (const place of places) wordNames[place] = names
    at = end + join.length
  }
  const nameNeeded = Array.from({ length: names }, (_, name) =>
    neededOf(
      words.length,
      (place) => wordNames[place] === name + 1,
      (place) => stopWords.has(words[place] ?? ''),
    ),
  )
  return { words, wordNames, nameNeeded }
}

const releaseWordsOf = (title: string): readonly string[] => wordsIn(foldField(title))

const variantsOf = (title: Headline, credit: readonly string[], release: readonly string[]): number =>
  variantOf(title.words.slice(title.coreLength)) |
  ((variantOf(title.words) | variantOf(credit) | variantOf(release)) & strongVariants)

export const documentWords = (document: SearchDocument): DocumentWords => {
  const title = headlineOf(document.title)
  const credit = creditLineOf(document.credits)
  const release = document.release === undefined ? [] : releaseWordsOf(document.release.title)
  const aliases = (document.aliases ?? []).slice(0, maxAliases).map(headlineOf)
  return { headlines: [title, ...aliases], credit, release, variants: variantsOf(title, credit.words, release) }
}
