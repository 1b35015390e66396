import type { CreditName, DocumentKind, SearchDocument } from '../document.ts'
import { flags, noYear } from './segment-arrays.ts'
import type { KindTable, Segment } from './segment.ts'

/** The document as it was added. */
export const readDocument = (segment: Segment, kind: DocumentKind, document: number): SearchDocument => {
  const table = segment.kinds[kind]
  const bits = table.flags[document] ?? 0
  const release = readRelease(segment, table, document)
  const aliases = readAliases(segment, table.aliases[document] ?? 0)
  return {
    kind,
    id: table.idPool.get(document),
    title: readTitle(segment, table, document),
    credits: readCredits(segment, table.credits[document] ?? 0),
    ...(release === undefined ? {} : { release }),
    ...(aliases === undefined ? {} : { aliases }),
    ...optional('year', readYear(table, document)),
    ...optional('durationMs', readDuration(table, document)),
    ...optional('image', readImage(segment, table, document)),
    popularity: table.popularities[document] ?? 0,
    isPublic: (bits & flags.isPublic) !== 0,
    isLossless: (bits & flags.isLossless) !== 0,
    isInLibrary: (bits & flags.isInLibrary) !== 0,
  }
}

const optional = <Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [name in Name]?: Value } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [name in Name]?: Value })

export const readTitle = (segment: Segment, table: KindTable, document: number): string =>
  segment.texts.get(table.titles[document] ?? 0)

export const readCredits = ({ arrays, strings, creditNamesAt }: Segment, credit: number): readonly CreditName[] => {
  const start = creditNamesAt[credit] ?? 0
  const end = creditNamesAt[credit + 1] ?? 0
  const part = (name: number, which: 0 | 1 | 2) => strings.get(arrays.credits.names[name * 3 + which] ?? 0)
  return Array.from({ length: end - start }, (_, index) => ({
    id: part(start + index, 0),
    name: part(start + index, 1),
    join: part(start + index, 2),
  }))
}

export const readRelease = (
  { arrays, strings, texts }: Segment,
  table: KindTable,
  document: number,
): SearchDocument['release'] => {
  const release = table.releases[document] ?? 0
  return release === 0
    ? undefined
    : {
        id: strings.get(arrays.releases.ids[release - 1] ?? 0),
        title: texts.get(arrays.releases.titles[release - 1] ?? 0),
      }
}

const readAliases = ({ arrays, texts, aliasesAt }: Segment, list: number): readonly string[] | undefined =>
  list === 0
    ? undefined
    : Array.from(arrays.aliases.texts.subarray(aliasesAt[list - 1] ?? 0, aliasesAt[list] ?? 0), (text) =>
        texts.get(text),
      )

export const readYear = (table: KindTable, document: number): number | undefined => {
  const year = table.years[document] ?? noYear
  return year === noYear ? undefined : year
}

export const readDuration = (table: KindTable, document: number): number | undefined => {
  const duration = table.durations[document] ?? Number.NaN
  return Number.isNaN(duration) ? undefined : duration
}

export const readImage = ({ strings }: Segment, table: KindTable, document: number): string | undefined => {
  const image = table.images[document] ?? 0
  return image === 0 ? undefined : strings.get(image - 1)
}
