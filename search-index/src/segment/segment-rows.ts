// The documents of one kind while a segment is built: one row each, in columns.
import { createFloatColumn, createWholeColumn } from './column.ts'
import type { SearchDocument } from '../document.ts'
import { createInternedStrings } from '../text/interned-strings.ts'
import { flags, noYear } from './segment-arrays.ts'
import type { SegmentTables } from './segment-tables.ts'

export type SegmentRows = ReturnType<typeof createSegmentRows>

export const createSegmentRows = (tables: SegmentTables) => {
  const ids = createInternedStrings()
  const whole = {
    titles: createWholeColumn(),
    credits: createWholeColumn(),
    releases: createWholeColumn(),
    aliases: createWholeColumn(),
    images: createWholeColumn(),
    flags: createWholeColumn(),
  }
  const floats = { years: createFloatColumn(), durations: createFloatColumn(), popularities: createFloatColumn() }
  const columns = { ...whole, ...floats }
  const names = Object.keys(columns) as (keyof typeof columns)[]
  /** A document with a known id overwrites the earlier row. */
  const add = (document: SearchDocument): void => {
    const row = ids.of(document.id)
    const isNew = row === columns.titles.count()
    const values = rowOf(document, tables)
    for (const name of names)
      if (isNew) columns[name].add(values[name])
      else columns[name].set(row, values[name])
  }
  return { ...columns, ids, add }
}

const rowOf = (document: SearchDocument, { texts, credits, strings, releases, aliases }: SegmentTables) => {
  const { release, image, year } = document
  return {
    titles: texts.of(document.title),
    credits: credits.of(document.credits),
    // Plus one; 0: none.
    releases: release === undefined ? 0 : releases.of([strings.of(release.id), texts.of(release.title)]) + 1,
    aliases: document.aliases === undefined ? 0 : aliases.of(document.aliases.map(texts.of)) + 1,
    images: image === undefined ? 0 : strings.of(image) + 1,
    flags: flagsOf(document),
    years: year === undefined ? noYear : Math.floor(year),
    durations: document.durationMs ?? Number.NaN,
    // Never negative, never NaN, as ranking requires.
    popularities: document.popularity > 0 ? document.popularity : 0,
  }
}

const flagsOf = ({ isPublic, isLossless, isInLibrary }: SearchDocument): number =>
  (isPublic ? flags.isPublic : 0) | (isLossless ? flags.isLossless : 0) | (isInLibrary ? flags.isInLibrary : 0)

/** Row numbers, most popular first, then by id. */
export const rowsInOrder = ({ ids, popularities }: SegmentRows): Uint32Array => {
  const popularity = popularities.all()
  return Uint32Array.from({ length: ids.count() }, (_, row) => row).sort(
    (one, other) => (popularity[other] ?? 0) - (popularity[one] ?? 0) || ids.compare(one, other),
  )
}
