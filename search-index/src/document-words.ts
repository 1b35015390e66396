// SPEC.md [D1] to [D5]: what of a document is compared with a query.
import type { CreditName, SearchDocument } from './document.ts'
import { foldWords, type FoldedWord } from './fold.ts'
import { mostFieldWords } from './rank.ts'
import { strongVariants, variantOf } from './variants.ts'

export const mostAliases = 8
const mostWordLength = 40

/** Words that need not be said [D4]. */
export const smallWords: ReadonlySet<string> = new Set(['the', 'a', 'an', 'and', 'feat', 'ft', 'featuring', 'with', 'vs'])

/** `needed`: bit set over word places [D4]. */
export type Headline = { readonly words: readonly string[]; readonly needed: number; readonly coreLength: number }
export type CreditLine = { readonly words: readonly string[]; /** One bit set per name that has words. */ readonly nameNeeded: readonly number[] }

export type DocumentWords = {
  /** The title's, then those of the aliases. */
  readonly headlines: readonly Headline[]
  readonly credit: CreditLine
  readonly release: readonly string[]
  readonly variants: number
}

export const cutWord = (word: string): string => (word.length > mostWordLength ? word.slice(0, mostWordLength) : word)
const wordsIn = (folded: readonly FoldedWord[]): readonly string[] => folded.map(({ word }) => cutWord(word))
const foldField = (text: string): readonly FoldedWord[] => foldWords(text).slice(0, mostFieldWords)

const coreEnd = /(?<=.)(?:[([]| [-–—] | feat\. | ft\. | featuring )/iu

export const headlineOf = (text: string): Headline => {
  const folded = foldField(text)
  const words = wordsIn(folded)
  const cut = text.search(coreEnd)
  const inCore = cut < 0 ? words.length : folded.filter(({ start }) => start < cut).length
  const coreLength = inCore === 0 ? words.length : inCore
  return { words, needed: neededOf(words, (place) => place < coreLength), coreLength }
}

const neededOf = (words: readonly string[], isPart: (place: number) => boolean): number => {
  let all = 0
  let needed = 0
  words.forEach((word, place) => {
    if (!isPart(place)) return
    all |= 1 << place
    if (!smallWords.has(word)) needed |= 1 << place
  })
  return needed === 0 ? all : needed
}

export const creditText = (credits: readonly CreditName[]): string => credits.map(({ name, join }) => name + join).join('')

export const creditLineOf = (credits: readonly CreditName[]): CreditLine => {
  const folded = foldField(creditText(credits))
  const words = wordsIn(folded)
  let at = 0
  const nameNeeded = credits.map(({ name, join }) => {
    const start = at
    const end = at + name.length
    at = end + join.length
    return neededOf(words, (place) => (folded[place]?.start ?? -1) >= start && (folded[place]?.start ?? 0) < end)
  })
  return { words, nameNeeded: nameNeeded.filter((needed) => needed !== 0) }
}

export const releaseWordsOf = (title: string): readonly string[] => wordsIn(foldField(title))

export const variantsOf = (title: Headline, credit: readonly string[], release: readonly string[]): number =>
  variantOf(title.words.slice(title.coreLength)) | ((variantOf(title.words) | variantOf(credit) | variantOf(release)) & strongVariants)

export const documentWords = (document: SearchDocument): DocumentWords => {
  const title = headlineOf(document.title)
  const credit = creditLineOf(document.credits)
  const release = document.release === undefined ? [] : releaseWordsOf(document.release.title)
  const aliases = (document.aliases ?? []).slice(0, mostAliases).map(headlineOf)
  return { headlines: [title, ...aliases], credit, release, variants: variantsOf(title, credit.words, release) }
}
