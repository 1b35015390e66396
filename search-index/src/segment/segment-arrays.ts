// The stored data of a segment, as in a snapshot. Everything else is derived from it when the segment is opened (segment.ts).
import { documentKinds, type DocumentKind } from '../document.ts'
import type { StringBytes } from '../text/string-pool.ts'
import type { TypedArray } from './snapshot-file.ts'
import type { WordUnits } from '../text/vocabulary.ts'

type Words = Uint32Array<ArrayBuffer>
type Bytes = Uint8Array<ArrayBuffer>

/** One column per property, one row per document: most popular first, then by id. */
export type KindArrays = {
  readonly ids: StringBytes
  /** Into texts. */
  readonly titles: Words
  /** Into credits. */
  readonly credits: Words
  /** Into releases, plus one; 0: none. The same for aliases and, into strings, for images. */
  readonly releases: Words
  readonly aliases: Words
  readonly images: Words
  readonly years: Int32Array<ArrayBuffer>
  readonly durations: Float64Array<ArrayBuffer>
  readonly popularities: Float64Array<ArrayBuffer>
  readonly flags: Bytes
  readonly variants: Bytes
  /** Tombstones: bit set of the documents that were removed or replaced later. */
  readonly gone: Words
}

export type SegmentArrays = {
  readonly words: WordUnits
  /** Titles, names and aliases, with their words: each text once. */
  readonly texts: StringBytes & { readonly wordCounts: Bytes; readonly cores: Bytes; readonly words: Words }
  /** All other strings. */
  readonly strings: StringBytes
  /** For each credit line its number of names, for each name three strings (id, name, join); and its words, each with the number of its name (0: none). */
  readonly credits: {
    readonly nameCounts: Words
    readonly names: Words
    readonly wordCounts: Bytes
    readonly words: Words
    readonly wordNames: Bytes
  }
  /** For each release of a track: its id (a string) and its title (a text). */
  readonly releases: { readonly ids: Words; readonly titles: Words }
  /** For each list of aliases its number of texts, and the texts. */
  readonly aliases: { readonly counts: Words; readonly texts: Words }
  readonly kinds: Readonly<Record<DocumentKind, KindArrays>>
}

export const flags = { isPublic: 1, isLossless: 2, isInLibrary: 4 } as const
/** Marks a missing value in the columns of years; durations have NaN. */
export const noYear = -0x80000000

/** The sections of a segment, by their names in a snapshot. */
export const segmentSections = (segment: SegmentArrays): readonly (readonly [name: string, section: TypedArray])[] => [
  ...named('words', segment.words),
  ...named('texts', segment.texts),
  ...named('strings', segment.strings),
  ...named('credits', segment.credits),
  ...named('releases', segment.releases),
  ...named('aliases', segment.aliases),
  ...documentKinds.flatMap((kind) => {
    const { ids, ...columns } = segment.kinds[kind]
    return [...named(kind, columns), ...named(`${kind}.ids`, ids)]
  }),
]

const named = (prefix: string, arrays: Readonly<Record<string, TypedArray>>) =>
  Object.entries(arrays).map(([name, section]) => [`${prefix}.${name}`, section] as const)

type Sections = ReadonlyMap<string, TypedArray>

/** Undefined if a section is missing or has another type. */
export const readSegment = (sections: Sections, prefix: string): SegmentArrays | undefined => {
  const faults: string[] = []
  const take = <Section extends TypedArray>(name: string, constructor: new () => Section): Section => {
    const section = sections.get(prefix + name)
    if (section instanceof constructor) return section
    faults.push(name)
    return new constructor()
  }
  const numbers = (name: string) => take<Words>(name, Uint32Array)
  const small = (name: string) => take<Bytes>(name, Uint8Array)
  const strings = (name: string) => ({ bytes: small(`${name}.bytes`), lengths: numbers(`${name}.lengths`) })
  const kindArrays = (kind: DocumentKind): KindArrays => ({
    ids: strings(`${kind}.ids`),
    titles: numbers(`${kind}.titles`),
    credits: numbers(`${kind}.credits`),
    releases: numbers(`${kind}.releases`),
    aliases: numbers(`${kind}.aliases`),
    images: numbers(`${kind}.images`),
    years: take<Int32Array<ArrayBuffer>>(`${kind}.years`, Int32Array),
    durations: take<Float64Array<ArrayBuffer>>(`${kind}.durations`, Float64Array),
    popularities: take<Float64Array<ArrayBuffer>>(`${kind}.popularities`, Float64Array),
    flags: small(`${kind}.flags`),
    variants: small(`${kind}.variants`),
    gone: numbers(`${kind}.gone`),
  })
  const arrays: SegmentArrays = {
    words: { units: take<Uint16Array<ArrayBuffer>>('words.units', Uint16Array), lengths: small('words.lengths') },
    texts: {
      ...strings('texts'),
      wordCounts: small('texts.wordCounts'),
      cores: small('texts.cores'),
      words: numbers('texts.words'),
    },
    strings: strings('strings'),
    credits: {
      nameCounts: numbers('credits.nameCounts'),
      names: numbers('credits.names'),
      wordCounts: small('credits.wordCounts'),
      words: numbers('credits.words'),
      wordNames: small('credits.wordNames'),
    },
    releases: { ids: numbers('releases.ids'), titles: numbers('releases.titles') },
    aliases: { counts: numbers('aliases.counts'), texts: numbers('aliases.texts') },
    kinds: {
      track: kindArrays('track'),
      release: kindArrays('release'),
      artist: kindArrays('artist'),
      playlist: kindArrays('playlist'),
    },
  }
  return faults.length === 0 ? arrays : undefined
}
