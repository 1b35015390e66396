import type { SearchHit } from '@tonestead/search-index/answer'
import type { SearchDocument } from '@tonestead/search-index/document'
import { createSearchIndex, type SearchIndex } from '@tonestead/search-index/search-index'
import { coverCaseDocuments, coverCases } from './catalog/cover-cases.ts'
import { findNames } from './catalog/find-names.ts'
import { foldForGrading } from './catalog/fold-for-grading.ts'
import { generateCatalog, type CatalogSize } from './catalog/generate-catalog.ts'
import { makeQueries } from './catalog/make-queries.ts'
import type { Names } from './catalog/names.ts'
import { queryKinds, type QueryKind } from './catalog/query.ts'
import { parseList } from './runner/bench-options.ts'
import { note } from './runner/note.ts'
import { row, type Row } from './runner/rows.ts'
import { runBench } from './runner/run-bench.ts'
import { qualityRows, rankOf, shareOf, type Graded } from './search/quality-rows.ts'
import { catalogOptions, parseCatalogOptions, type CatalogOptions } from './search/search-options.ts'

function* withCoverCases(documents: Iterable<SearchDocument>): Generator<SearchDocument> {
  const cases = coverCaseDocuments()
  const keys = new Set(cases.map(({ kind, id }) => kind + id))
  for (const document of documents) if (!keys.has(document.kind + document.id)) yield document
  yield* cases
}

const creditText = (hit: SearchHit): string => hit.credits.map(({ name }) => name).join(', ')

/** Is the original found before its imitations? */
const coverRow = (index: SearchIndex, size: string): Row => {
  const isSolved = ({ query, title, artist }: (typeof coverCases)[number]): boolean => {
    const { groups } = index.search({ text: query })
    const first = title === '' ? groups.artist.hits[0] : groups.track.hits[0]
    const names = title === '' ? [first?.title ?? ''] : (first?.credits.map(({ name }) => name) ?? [])
    const isRight = names.some((name) => foldForGrading(name) === foldForGrading(artist))
    if (!isRight)
      note(
        `not solved at ${size}: "${query}" found ${first === undefined ? 'nothing' : `${first.title} / ${creditText(first)}`}`,
      )
    return isRight
  }
  return row({
    case: `official before cover, ${size}`,
    metric: 'solved',
    unit: 'share',
    better: 'higher',
    value: shareOf(coverCases, isSolved),
    level: 1,
  })
}

/** Prints queries whose right hit is not the first, with the first three hits: for tuning. */
const noteMisses = (graded: readonly Graded[]): void => {
  for (const one of graded.filter((each) => rankOf(each) !== 1)) {
    const { query, answer } = one
    const shown = answer.groups[query.kind === 'artist' ? 'artist' : 'track'].hits
      .slice(0, 3)
      .map((hit) => `${hit.title} / ${creditText(hit)} (${hit.match} ${Math.round(hit.score)})`)
    note(
      `"${query.text}" means ${query.title ?? '*'} / ${query.artist ?? '*'}, place ${rankOf(one)}: ${shown.join(' | ')}`,
    )
  }
}

type Plan = { readonly names: Names; readonly catalog: CatalogOptions; readonly show: QueryKind | undefined }

const measure = (size: CatalogSize, { names, catalog: { half, queries: perKind }, show }: Plan): Row[] => {
  const catalog = (): Iterable<SearchDocument> => withCoverCases(generateCatalog({ names, tracks: size.tracks }))
  const { queries, ambiguous } = makeQueries(catalog(), { seed: 'queries 1', perKind })
  const index = createSearchIndex(catalog())
  note(
    `${size.name}: ${index.count('track')} tracks, ${index.count('artist')} artists, ${index.count('release')} releases; half: ${half}`,
  )
  note(`left out as ambiguous: ${queryKinds.map((kind) => `${kind} ${(ambiguous[kind] ?? []).join('/')}`).join(', ')}`)
  const rows = (show === undefined ? queryKinds : [show]).flatMap((kind) => {
    const own = queries.filter((query) => query.kind === kind && query.half === half)
    if (own.length < perKind) note(`${kind}, ${size.name}: only ${own.length} queries`)
    const graded = own.map((query) => ({ query, answer: index.search({ text: query.text }) }))
    if (show !== undefined) noteMisses(graded)
    return graded.length === 0 ? [] : qualityRows(kind, size.name, graded)
  })
  return [...rows, coverRow(index, size.name)]
}

await runBench(
  {
    name: 'search-quality',
    about:
      'Does search find what the query means? Known-item queries on generated catalogs. The levels are stated for a million tracks with the real names, and for the half of the queries that was not used for tuning.',
    options: {
      ...catalogOptions('1M'),
      show: { about: `print the misses of one kind: ${queryKinds.join(', ')}`, value: '' },
    },
  },
  async (run) => {
    const names = await findNames()
    if (names.source === 'synthesized')
      note(
        'The real names are missing (give their folder in TONESTEAD_CATALOGUE): the catalog has made-up names, so the levels do not apply.',
      )
    const show = run.options.show === '' ? undefined : parseList('show', queryKinds, run.options.show)[0]
    const catalog = parseCatalogOptions(run.options)
    for (const size of catalog.sizes) run.add(...measure(size, { names, catalog, show }))
  },
)
