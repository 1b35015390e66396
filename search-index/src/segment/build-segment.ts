// From documents to the arrays of a segment. No document object is stored: its values are written to columns and tables as it comes, and ordered by
// popularity at the end. Folding is most of the work, so each text is folded once.
import { createWholeColumn } from './column.ts'
import type { DocumentKind, SearchDocument } from '../document.ts'
import type { KindArrays, SegmentArrays } from './segment-arrays.ts'
import { createSegmentRows, rowsInOrder, type SegmentRows } from './segment-rows.ts'
import { createSegmentTables, variantsIn, type SegmentTables } from './segment-tables.ts'
import { writeWords } from '../text/vocabulary.ts'

export type SegmentBuilder = {
  /** Of two documents with one kind and id, the last counts. */
  readonly add: (document: SearchDocument) => void
  readonly finish: () => SegmentArrays
}

export const createSegmentBuilder = (): SegmentBuilder => {
  const tables = createSegmentTables()
  const rows: Record<DocumentKind, SegmentRows> = {
    track: createSegmentRows(tables),
    release: createSegmentRows(tables),
    artist: createSegmentRows(tables),
    playlist: createSegmentRows(tables),
  }
  const finish = (): SegmentArrays => {
    const used = createUsed(tables)
    const column = (kind: DocumentKind) => writeKind(rows[kind], tables, used)
    const kinds: Record<DocumentKind, KindArrays> = {
      track: column('track'),
      release: column('release'),
      artist: column('artist'),
      playlist: column('playlist'),
    }
    return { ...writeTables(tables, used), kinds }
  }
  return {
    add: (document) => {
      rows[document.kind].add(document)
    },
    finish,
  }
}

/** Of two documents with one kind and id, the last counts. */
export const buildSegment = (documents: Iterable<SearchDocument>): SegmentArrays => {
  const { add, finish } = createSegmentBuilder()
  for (const document of documents) add(document)
  return finish()
}

/** Gives new numbers in the order of first use; `add` is called at the first use of a number. */
const renumber = (count: number, add: (old: number) => void = () => undefined) => {
  const numbers = new Uint32Array(count)
  const order = createWholeColumn()
  const of = (old: number): number => {
    const known = numbers[old] ?? 0
    if (known > 0) return known - 1
    order.add(old)
    const number = order.count()
    numbers[old] = number
    add(old)
    return number - 1
  }
  return { of, order: order.all }
}

type Used = ReturnType<typeof createUsed>

/** New numbers for the table entries that are used, in the order of first use, so that popular ones are close together. Entries of replaced documents are left out. */
const createUsed = ({ strings, texts, credits, releases, aliases }: SegmentTables) => {
  const usedStrings = renumber(strings.count())
  const usedTexts = renumber(texts.strings.count())
  return {
    strings: usedStrings,
    texts: usedTexts,
    credits: renumber(credits.names.count(), (credit) => {
      for (let at = 0; at < credits.names.lengthOf(credit); at++) usedStrings.of(credits.names.item(credit, at))
    }),
    releases: renumber(releases.count(), (release) => {
      usedStrings.of(releases.item(release, 0))
      usedTexts.of(releases.item(release, 1))
    }),
    aliases: renumber(aliases.count(), (list) => {
      for (let at = 0; at < aliases.lengthOf(list); at++) usedTexts.of(aliases.item(list, at))
    }),
  }
}

const writeKind = (rows: SegmentRows, tables: SegmentTables, used: Used): KindArrays => {
  const order = rowsInOrder(rows)
  /** For numbers that count from one; 0 means none and stays 0. */
  const after =
    (of: (old: number) => number) =>
    (old: number): number =>
      old === 0 ? 0 : of(old - 1) + 1
  return {
    ids: rows.ids.pick(order),
    titles: order.map((row) => used.texts.of(rows.titles.get(row))),
    credits: order.map((row) => used.credits.of(rows.credits.get(row))),
    releases: order.map((row) => after(used.releases.of)(rows.releases.get(row))),
    aliases: order.map((row) => after(used.aliases.of)(rows.aliases.get(row))),
    images: order.map((row) => after(used.strings.of)(rows.images.get(row))),
    years: Int32Array.from(order, rows.years.get),
    durations: Float64Array.from(order, rows.durations.get),
    popularities: Float64Array.from(order, rows.popularities.get),
    flags: Uint8Array.from(order, rows.flags.get),
    variants: Uint8Array.from(order, (row) =>
      variantsIn(tables, {
        title: rows.titles.get(row),
        credit: rows.credits.get(row),
        release: rows.releases.get(row),
      }),
    ),
    gone: new Uint32Array(Math.ceil(order.length / 32)),
  }
}

const writeTables = (tables: SegmentTables, used: Used): Omit<SegmentArrays, 'kinds'> => {
  const { strings, texts, credits, releases, aliases } = tables
  const words = placeWords(tables, used)
  const textOrder = used.texts.order()
  const creditOrder = used.credits.order()
  const releaseOrder = used.releases.order()
  const aliasOrder = used.aliases.order()
  return {
    words: writeWords(words.sorted),
    texts: {
      ...texts.strings.pick(textOrder),
      wordCounts: Uint8Array.from(textOrder, texts.words.lengthOf),
      cores: Uint8Array.from(textOrder, texts.cores.get),
      words: flatten(textOrder, texts.words.lengthOf, (text, at) => words.placeOf(texts.words.item(text, at))),
    },
    strings: strings.pick(used.strings.order()),
    credits: {
      nameCounts: Uint32Array.from(creditOrder, (credit) => credits.names.lengthOf(credit) / 3),
      names: flatten(creditOrder, credits.names.lengthOf, (credit, at) =>
        used.strings.of(credits.names.item(credit, at)),
      ),
      wordCounts: Uint8Array.from(creditOrder, credits.words.lengthOf),
      words: flatten(creditOrder, credits.words.lengthOf, (credit, at) =>
        words.placeOf(credits.words.item(credit, at)),
      ),
      wordNames: Uint8Array.from(flatten(creditOrder, credits.words.lengthOf, credits.wordNameOf)),
    },
    releases: {
      ids: releaseOrder.map((release) => used.strings.of(releases.item(release, 0))),
      titles: releaseOrder.map((release) => used.texts.of(releases.item(release, 1))),
    },
    aliases: {
      counts: aliasOrder.map(aliases.lengthOf),
      texts: flatten(aliasOrder, aliases.lengthOf, (list, at) => used.texts.of(aliases.item(list, at))),
    },
  }
}

/** The items of the lists, in this order. */
const flatten = (
  order: Uint32Array,
  lengthOf: (list: number) => number,
  item: (list: number, at: number) => number,
): Uint32Array<ArrayBuffer> => {
  const flat = new Uint32Array(order.reduce((sum, list) => sum + lengthOf(list), 0))
  let end = 0
  for (const list of order) for (let at = 0; at < lengthOf(list); at++) flat[end++] = item(list, at)
  return flat
}

/** The used words, sorted, and their places in that order. */
const placeWords = ({ words, texts, credits }: SegmentTables, used: Used) => {
  const usedWords = renumber(words.count())
  for (const text of used.texts.order())
    for (let at = 0; at < texts.words.lengthOf(text); at++) usedWords.of(texts.words.item(text, at))
  for (const credit of used.credits.order())
    for (let at = 0; at < credits.words.lengthOf(credit); at++) usedWords.of(credits.words.item(credit, at))
  const sorted = Array.from(usedWords.order(), words.get).sort()
  const places = new Uint32Array(words.count())
  for (const [place, word] of sorted.entries()) places[words.of(word)] = place
  return { sorted, placeOf: (word: number): number => places[word] ?? 0 }
}
