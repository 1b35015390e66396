// From documents to the arrays of a segment. Linear but for sorting; folding the texts is most of the work, so each text is folded once.
import type { CreditName, DocumentKind, SearchDocument } from './document.ts'
import { creditLineOf, headlineOf } from './document-words.ts'
import { createStringWriter, type StringWriter } from './string-pool.ts'
import { flags, noYear, type KindArrays, type SegmentArrays } from './segment-arrays.ts'
import { strongVariants, variantOf } from './variants.ts'
import { writeWords } from './vocabulary.ts'

/** Where a kind and id come twice, the last one counts. */
export const buildSegment = (documents: Iterable<SearchDocument>): SegmentArrays => {
  const byKind = { track: new Map<string, SearchDocument>(), release: new Map<string, SearchDocument>(), artist: new Map<string, SearchDocument>(), playlist: new Map<string, SearchDocument>() }
  for (const document of documents) byKind[document.kind].set(document.id, document)
  const tables = createTables()
  const column = (kind: DocumentKind) => writeKind([...byKind[kind].values()], tables)
  const kinds: Record<DocumentKind, KindArrays> = { track: column('track'), release: column('release'), artist: column('artist'), playlist: column('playlist') }
  return { ...tables.finish(), kinds }
}

/** Popularity as it is ranked: never negative, never NaN. */
const popularityOf = ({ popularity }: SearchDocument): number => (popularity > 0 ? popularity : 0)

const inOrder = (documents: readonly SearchDocument[]): readonly SearchDocument[] => {
  const popularities = Float64Array.from(documents, popularityOf)
  const beginnings = Float64Array.from(documents, ({ id }) => beginningOf(id))
  const byId = (one: number, other: number): number => (beginnings[one] ?? 0) - (beginnings[other] ?? 0) || ((documents[one]?.id ?? '') < (documents[other]?.id ?? '') ? -1 : 1)
  const places = Uint32Array.from(documents.keys()).sort((one, other) => (popularities[other] ?? 0) - (popularities[one] ?? 0) || byId(one, other))
  return Array.from(places, (place) => documents[place]).filter((document) => document !== undefined)
}

/** A number that is in the order of the first three UTF-16 units; comparing whole ids is slow where many documents are equally popular. */
const beginningOf = (id: string): number => unitAt(id, 0) * 0x1_0002_0001 + unitAt(id, 1) * 0x1_0001 + unitAt(id, 2)
/** Plus one, so that the end of the text comes first. */
const unitAt = (id: string, at: number): number => (at < id.length ? id.charCodeAt(at) + 1 : 0)

const writeKind = (unordered: readonly SearchDocument[], tables: Tables): KindArrays => {
  const documents = inOrder(unordered)
  const ids = createStringWriter()
  for (const { id } of documents) ids.add(id)
  const texts = Uint32Array.from(documents, ({ title }) => tables.text(title))
  const credits = Uint32Array.from(documents, (document) => tables.credit(document.credits))
  const releases = Uint32Array.from(documents, ({ release }) => (release === undefined ? 0 : tables.release(release) + 1))
  return {
    ids: ids.finish(),
    titles: texts,
    credits,
    releases,
    aliases: Uint32Array.from(documents, ({ aliases }) => (aliases === undefined ? 0 : tables.aliases(aliases) + 1)),
    images: Uint32Array.from(documents, ({ image }) => (image === undefined ? 0 : tables.string(image) + 1)),
    years: Int32Array.from(documents, ({ year }) => (year === undefined ? noYear : Math.floor(year))),
    durations: Float64Array.from(documents, ({ durationMs }) => durationMs ?? Number.NaN),
    popularities: Float64Array.from(documents, popularityOf),
    flags: Uint8Array.from(documents, flagsOf),
    variants: Uint8Array.from(documents, (_, index) => tables.variants({ title: texts[index] ?? 0, credit: credits[index] ?? 0, release: releases[index] ?? 0 })),
    gone: new Uint32Array(Math.ceil(documents.length / 32)),
  }
}

const flagsOf = ({ isPublic, isLossless, isInLibrary }: SearchDocument): number => (isPublic ? flags.isPublic : 0) | (isLossless ? flags.isLossless : 0) | (isInLibrary ? flags.isInLibrary : 0)

/** Numbers in order of their first use, so that what is popular lies together. */
const createNumbers = () => {
  const numbers = new Map<string, number>()
  return {
    of: (key: string): number => {
      const known = numbers.get(key)
      if (known !== undefined) return known
      numbers.set(key, numbers.size)
      return numbers.size - 1
    },
    count: () => numbers.size,
    keys: () => [...numbers.keys()],
  }
}

type Numbers = ReturnType<typeof createNumbers>

/** Adds what is new to a table only; `add` is called once per key, in the order of the numbers. */
const interned = (numbers: Numbers, key: string, add: () => void): number => {
  const before = numbers.count()
  const number = numbers.of(key)
  if (number === before) add()
  return number
}

/**
 * The same for things that have an id and mostly differ in it: only the id is hashed, and what is the same but for the id is found by comparing.
 * `isSame` compares with the thing of a number.
 */
const createNumbersById = <Thing>(isSame: (number: number, thing: Thing) => boolean) => {
  const byId = new Map<string, number[]>()
  let count = 0
  return (id: string, thing: Thing, add: () => void): number => {
    const known = byId.get(id)
    const found = known?.find((number) => isSame(number, thing))
    if (found !== undefined) return found
    if (known === undefined) byId.set(id, [count])
    else known.push(count)
    add()
    return count++
  }
}

/** Lists of numbers end to end. */
type Lists = { readonly counts: number[]; readonly items: number[] }
const createLists = (): Lists => ({ counts: [], items: [] })

type Tables = ReturnType<typeof createTables>

const createTables = () => {
  const wordNumbers = createNumbers()
  const strings = createStringSet()
  const texts = createTexts(wordNumbers)
  const credits = createCredits(wordNumbers, strings.of)
  const releases = { ids: [] as number[], titles: [] as number[], names: [] as string[] }
  const releaseNumbers = createNumbersById<string>((number, title) => releases.names[number] === title)
  const aliasNumbers = createNumbers()
  const aliases = createLists()
  const release = ({ id, title }: { readonly id: string; readonly title: string }) =>
    releaseNumbers(id, title, () => {
      releases.ids.push(strings.of(id))
      releases.titles.push(texts.of(title))
      releases.names.push(title)
    })
  const aliasList = (list: readonly string[]) =>
    interned(aliasNumbers, list.map((alias) => `${alias.length} ${alias}`).join(''), () => {
      aliases.counts.push(list.length)
      for (const alias of list) aliases.items.push(texts.of(alias))
    })
  const variants = (of: { readonly title: number; readonly credit: number; readonly release: number }): number => {
    const onRelease = of.release === 0 ? 0 : (texts.signs[releases.titles[of.release - 1] ?? 0] ?? 0)
    return (texts.tailSigns[of.title] ?? 0) | (((texts.signs[of.title] ?? 0) | (credits.signs[of.credit] ?? 0) | onRelease) & strongVariants)
  }
  const finish = (): Omit<SegmentArrays, 'kinds'> => {
    const unsorted = wordNumbers.keys()
    const sorted = [...unsorted].sort()
    const places = new Map(sorted.map((word, place) => [word, place]))
    const placeOf = Uint32Array.from(unsorted, (word) => places.get(word) ?? 0)
    const placed = (words: readonly number[]) => Uint32Array.from(words, (word) => placeOf[word] ?? 0)
    return {
      words: writeWords(sorted),
      texts: { ...texts.strings.finish(), wordCounts: Uint8Array.from(texts.words.counts), cores: Uint8Array.from(texts.cores), words: placed(texts.words.items) },
      strings: strings.finish(),
      credits: {
        nameCounts: Uint32Array.from(credits.names.counts),
        names: Uint32Array.from(credits.names.items),
        wordCounts: Uint8Array.from(credits.words.counts),
        words: placed(credits.words.items),
        wordNames: Uint8Array.from(credits.wordNames),
      },
      releases: { ids: Uint32Array.from(releases.ids), titles: Uint32Array.from(releases.titles) },
      aliases: { counts: Uint32Array.from(aliases.counts), texts: Uint32Array.from(aliases.items) },
    }
  }
  return { text: texts.of, string: strings.of, credit: credits.of, release, aliases: aliasList, variants, finish }
}

const createStringSet = () => {
  const numbers = createNumbers()
  const writer = createStringWriter()
  return { of: (text: string): number => interned(numbers, text, () => writer.add(text)), finish: writer.finish }
}

const addWords = (words: readonly string[], numbers: Numbers, lists: Lists): void => {
  lists.counts.push(words.length)
  for (const word of words) lists.items.push(numbers.of(word))
}

/** With the version signs of all its words, and of those behind its core [D5]. */
const createTexts = (wordNumbers: Numbers) => {
  const numbers = createNumbers()
  const strings: StringWriter = createStringWriter()
  const cores: number[] = []
  const signs: number[] = []
  const tailSigns: number[] = []
  const words = createLists()
  const of = (text: string): number =>
    interned(numbers, text, () => {
      strings.add(text)
      const headline = headlineOf(text)
      cores.push(headline.coreLength)
      signs.push(variantOf(headline.words))
      tailSigns.push(variantOf(headline.words.slice(headline.coreLength)))
      addWords(headline.words, wordNumbers, words)
    })
  return { of, strings, cores, signs, tailSigns, words }
}

const createCredits = (wordNumbers: Numbers, stringOf: (text: string) => number) => {
  const names = createLists()
  const lines: (readonly CreditName[])[] = []
  const words = createLists()
  const wordNames: number[] = []
  const signs: number[] = []
  const numbers = createNumbersById<readonly CreditName[]>((number, credits) => isSameLine(lines[number] ?? [], credits))
  const of = (credits: readonly CreditName[]): number =>
    numbers(credits[0]?.id ?? '', credits, () => {
      lines.push(credits)
      names.counts.push(credits.length)
      for (const { id, name, join } of credits) names.items.push(stringOf(id), stringOf(name), stringOf(join))
      const line = creditLineOf(credits)
      signs.push(variantOf(line.words))
      addWords(line.words, wordNumbers, words)
      wordNames.push(...line.wordNames)
    })
  return { of, names, words, wordNames, signs }
}

const isSameLine = (one: readonly CreditName[], other: readonly CreditName[]): boolean =>
  one.length === other.length && one.every(({ id, name, join }, at) => id === other[at]?.id && name === other[at].name && join === other[at].join)
