// From documents to the arrays of a segment. Linear but for sorting; folding the texts is most of the work, so each text is folded once.
import type { CreditName, DocumentKind, SearchDocument } from './document.ts'
import { creditLineOf, headlineOf, variantsOf, type Headline } from './document-words.ts'
import { createStringWriter, type StringWriter } from './string-pool.ts'
import { flags, noYear, type KindArrays, type SegmentArrays } from './segment-arrays.ts'
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

const byPopularity = (one: SearchDocument, other: SearchDocument): number => popularityOf(other) - popularityOf(one) || (one.id < other.id ? -1 : 1)

const writeKind = (documents: SearchDocument[], tables: Tables): KindArrays => {
  documents.sort(byPopularity)
  const ids = createStringWriter()
  for (const { id } of documents) ids.add(id)
  const texts = documents.map(({ title }) => tables.text(title))
  const credits = documents.map((document) => tables.credit(document.credits))
  const releases = documents.map(({ release }) => (release === undefined ? 0 : tables.release(release) + 1))
  return {
    ids: ids.finish(),
    titles: Uint32Array.from(texts),
    credits: Uint32Array.from(credits),
    releases: Uint32Array.from(releases),
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

/** Lists of numbers end to end. */
type Lists = { readonly counts: number[]; readonly items: number[] }
const createLists = (): Lists => ({ counts: [], items: [] })

type Tables = ReturnType<typeof createTables>

const createTables = () => {
  const wordNumbers = createNumbers()
  const strings = createStringSet()
  const texts = createTexts(wordNumbers)
  const credits = createCredits(wordNumbers, strings.of)
  const releaseNumbers = createNumbers()
  const releases = { ids: [] as number[], titles: [] as number[] }
  const aliasNumbers = createNumbers()
  const aliases = createLists()
  const release = ({ id, title }: { readonly id: string; readonly title: string }) =>
    interned(releaseNumbers, `${id.length} ${id}${title}`, () => {
      releases.ids.push(strings.of(id))
      releases.titles.push(texts.of(title))
    })
  const aliasList = (list: readonly string[]) =>
    interned(aliasNumbers, list.map((alias) => `${alias.length} ${alias}`).join(''), () => {
      aliases.counts.push(list.length)
      for (const alias of list) aliases.items.push(texts.of(alias))
    })
  const variants = (of: { readonly title: number; readonly credit: number; readonly release: number }): number => {
    const onRelease = of.release === 0 ? [] : (texts.headlines[releases.titles[of.release - 1] ?? 0]?.words ?? [])
    const title = texts.headlines[of.title]
    return title === undefined ? 0 : variantsOf(title, credits.wordsOf(of.credit), onRelease)
  }
  const finish = (): Omit<SegmentArrays, 'kinds'> => {
    const unsorted = wordNumbers.keys()
    const sorted = [...unsorted].sort()
    const places = new Map(sorted.map((word, place) => [word, place]))
    const placeOf = Uint32Array.from(unsorted, (word) => places.get(word) ?? 0)
    const placed = (words: readonly number[]) => Uint32Array.from(words, (word) => placeOf[word] ?? 0)
    return {
      words: writeWords(sorted),
      texts: { ...texts.strings.finish(), wordCounts: Uint8Array.from(texts.words.counts), cores: Uint8Array.from(texts.headlines, ({ coreLength }) => coreLength), words: placed(texts.words.items) },
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

const createTexts = (wordNumbers: Numbers) => {
  const numbers = createNumbers()
  const strings: StringWriter = createStringWriter()
  const headlines: Headline[] = []
  const words = createLists()
  const of = (text: string): number =>
    interned(numbers, text, () => {
      strings.add(text)
      const headline = headlineOf(text)
      headlines.push(headline)
      addWords(headline.words, wordNumbers, words)
    })
  return { of, strings, headlines, words }
}

const createCredits = (wordNumbers: Numbers, stringOf: (text: string) => number) => {
  const numbers = createNumbers()
  const names = createLists()
  const words = createLists()
  const wordNames: number[] = []
  const wordLists: (readonly string[])[] = []
  const of = (credits: readonly CreditName[]): number =>
    interned(numbers, credits.map(({ id, name, join }) => `${id.length} ${name.length} ${id}${name}${join.length} ${join}`).join(''), () => {
      names.counts.push(credits.length)
      for (const { id, name, join } of credits) names.items.push(stringOf(id), stringOf(name), stringOf(join))
      const line = creditLineOf(credits)
      wordLists.push(line.words)
      addWords(line.words, wordNumbers, words)
      wordNames.push(...line.wordNames)
    })
  return { of, names, words, wordNames, wordsOf: (credit: number): readonly string[] => wordLists[credit] ?? [] }
}

