// Tables of values that documents share, numbered in the order of first use: texts with their words, other strings, credit lines, releases, lists of aliases.
import { createWholeColumn } from './column.ts'
import type { CreditName } from '../document.ts'
import { creditLineOf, headlineOf } from '../text/document-words.ts'
import { createInternedLists } from '../text/interned-lists.ts'
import { createInternedStrings, type InternedStrings } from '../text/interned-strings.ts'
import { strongVariants, variantOf } from '../text/variants.ts'

export type SegmentTables = ReturnType<typeof createSegmentTables>

export const createSegmentTables = () => {
  const words = createInternedStrings()
  const strings = createInternedStrings()
  const texts = createTexts(words)
  const credits = createCredits(words, strings)
  /** Id (a string) and title (a text) of each. */
  const releases = createInternedLists()
  /** Texts. */
  const aliases = createInternedLists()
  return { words, strings, texts, credits, releases, aliases }
}

const createWordLists = (words: InternedStrings) => {
  const starts = createWholeColumn()
  const items = createWholeColumn()
  starts.add(0)
  const add = (list: readonly string[]): void => {
    for (const word of list) items.add(words.of(word))
    starts.add(items.count())
  }
  return {
    add,
    lengthOf: (list: number): number => starts.get(list + 1) - starts.get(list),
    item: (list: number, at: number): number => items.get(starts.get(list) + at),
    startOf: starts.get,
  }
}

/** Texts, with the version markers of all their words, and of the words after the core [SD5]. */
const createTexts = (allWords: InternedStrings) => {
  const strings = createInternedStrings()
  const cores = createWholeColumn()
  const variants = createWholeColumn()
  const tailVariants = createWholeColumn()
  const words = createWordLists(allWords)
  const of = (text: string): number => {
    const number = strings.of(text)
    if (number < cores.count()) return number
    const headline = headlineOf(text)
    cores.add(headline.coreLength)
    variants.add(variantOf(headline.words))
    tailVariants.add(variantOf(headline.words.slice(headline.coreLength)))
    words.add(headline.words)
    return number
  }
  return { of, strings, cores, variants, tailVariants, words }
}

const createCredits = (allWords: InternedStrings, strings: InternedStrings) => {
  /** Three strings for each name: id, name, join. */
  const names = createInternedLists()
  const words = createWordLists(allWords)
  const wordNames = createWholeColumn()
  const variants = createWholeColumn()
  const of = (credits: readonly CreditName[]): number => {
    const number = names.of(
      credits.flatMap(({ id, name, join }) => [strings.of(id), strings.of(name), strings.of(join)]),
    )
    if (number < variants.count()) return number
    const line = creditLineOf(credits)
    variants.add(variantOf(line.words))
    words.add(line.words)
    for (const name of line.wordNames) wordNames.add(name)
    return number
  }
  return {
    of,
    names,
    words,
    wordNameOf: (credit: number, at: number): number => wordNames.get(words.startOf(credit) + at),
    variants,
  }
}

/** `release` counts from one; 0: none. */
export const variantsIn = (
  { texts, credits, releases }: SegmentTables,
  of: { readonly title: number; readonly credit: number; readonly release: number },
): number => {
  const onRelease = of.release === 0 ? 0 : texts.variants.get(releases.item(of.release - 1, 1))
  return (
    texts.tailVariants.get(of.title) |
    ((texts.variants.get(of.title) | credits.variants.get(of.credit) | onRelease) & strongVariants)
  )
}
