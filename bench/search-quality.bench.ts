import type { SearchAnswer, SearchHit } from '@tonestead/search-index/answer'
import type { SearchDocument } from '@tonestead/search-index/document'
import { createSearchIndex, type SearchIndex } from '@tonestead/search-index/search-index'
import { coverCaseDocuments, coverCases } from './catalogue/cover-cases.ts'
import { foldForGrading } from './catalogue/fold-for-grading.ts'
import { generateCatalog } from './catalogue/generate-catalog.ts'
import { makeQueries } from './catalogue/make-queries.ts'
import { findNames, type Names } from './catalogue/names.ts'
import { isMeant, queryKinds, type Query } from './catalogue/query.ts'
import { note, printRows, row, type Row } from './rows.ts'
import { qualityLevels } from './search-engines/level-kinds.ts'
import { readSearchOptions, type SearchOptions } from './search-options.ts'

// Does search find what was meant? Known-item queries over generated catalogs: the levels are those at 1M tracks, on the half that settings were not chosen on.

function* withCoverCases(documents: Iterable<SearchDocument>): Generator<SearchDocument> {
  const cases = coverCaseDocuments()
  const keys = new Set(cases.map(({ kind, id }) => kind + id))
  for (const document of documents) if (!keys.has(document.kind + document.id)) yield document
  yield* cases
}

const isHit = (query: Query, hit: SearchHit | undefined): boolean =>
  hit !== undefined &&
  isMeant(query, hit.title, hit.kind === 'artist' ? [hit.title] : hit.credits.map(({ name }) => name))

/** 1 for the first place; Infinity where it is not among the ten. */
const rankIn = (query: Query, hits: readonly SearchHit[]): number => {
  const at = hits.findIndex((hit) => isHit(query, hit))
  return at < 0 ? Infinity : at + 1
}

/** A song's own single or album of the same name is as right a top result as the song. */
const isTopRight = (query: Query, { top }: SearchAnswer): boolean =>
  (query.kind === 'artist' ? top?.kind === 'artist' : top?.kind === 'track' || top?.kind === 'release') &&
  isHit(query, top)

const share = (list: readonly unknown[], count: number): number => count / list.length

const rowsOfKind = (
  name: string,
  graded: readonly { readonly query: Query; readonly answer: SearchAnswer }[],
): Row[] => {
  const kind = graded[0]?.query.kind ?? 'exact'
  const ranks = graded.map(({ query, answer }) =>
    rankIn(query, answer.groups[kind === 'artist' ? 'artist' : 'track'].hits),
  )
  const within = (most: number): number => share(ranks, ranks.filter((rank) => rank <= most).length)
  const ratio = { unit: 'share', better: 'higher', case: name } as const
  const limit = qualityLevels[kind]
  const firstTrack = graded.filter(({ query, answer }) => isHit(query, answer.groups.track.hits[0])).length
  return [
    row({ ...ratio, metric: 'success@1', value: within(1), ...(limit === undefined ? {} : { limit }) }),
    row({ ...ratio, metric: 'success@5', value: within(5) }),
    row({
      ...ratio,
      metric: 'mrr',
      value: share(
        ranks,
        ranks.reduce((sum, rank) => sum + 1 / rank, 0),
      ),
    }),
    row({
      ...ratio,
      metric: 'top result',
      value: share(graded, graded.filter(({ query, answer }) => isTopRight(query, answer)).length),
    }),
    ...(kind === 'artist'
      ? [
          row({
            ...ratio,
            metric: 'first track by the artist',
            value: share(graded, firstTrack),
            ...(limit === undefined ? {} : { limit }),
          }),
        ]
      : []),
  ]
}

const caseRow = (index: SearchIndex, size: string): Row => {
  const solved = coverCases.filter(({ query, title, artist }) => {
    const { groups } = index.search({ text: query })
    const first = title === '' ? groups.artist.hits[0] : groups.track.hits[0]
    const isSolved =
      first !== undefined &&
      (title === ''
        ? foldForGrading(first.title) === foldForGrading(artist)
        : first.credits.some(({ name }) => foldForGrading(name) === foldForGrading(artist)))
    if (!isSolved)
      note(
        `not solved at ${size}: "${query}" gave ${first === undefined ? 'nothing' : `${first.title} / ${first.credits.map(({ name }) => name).join(', ')}`}`,
      )
    return isSolved
  })
  return row({
    case: `official before cover, ${size}`,
    metric: 'solved',
    unit: 'share',
    better: 'higher',
    value: share(coverCases, solved.length),
    limit: 1,
  })
}

/** What went wrong, for the one who tunes. */
const showMisses = (query: Query, answer: SearchAnswer): void => {
  const hits = answer.groups[query.kind === 'artist' ? 'artist' : 'track'].hits
  if (rankIn(query, hits) === 1) return
  const shown = hits
    .slice(0, 3)
    .map(
      ({ title, credits, match, score }) =>
        `${title} / ${credits.map(({ name }) => name).join(', ')} (${match} ${Math.round(score)})`,
    )
  note(
    `"${query.text}" meant ${query.title ?? '*'} / ${query.artist ?? '*'}, place ${rankIn(query, hits)}: ${shown.join(' | ')}`,
  )
}

const measure = (names: Names, size: SearchOptions['sizes'][number], options: SearchOptions): Row[] => {
  const catalog = (): Iterable<SearchDocument> => withCoverCases(generateCatalog({ names, tracks: size.tracks }))
  const { queries, ambiguous } = makeQueries(catalog(), { seed: 'queries 1', perKind: options.queries })
  const index = createSearchIndex(catalog())
  note(
    `${size.name}: ${index.count('track')} tracks, ${index.count('artist')} artists, ${index.count('release')} releases; half: ${options.half}; left out as ambiguous: ${queryKinds.map((kind) => `${kind} ${(ambiguous[kind] ?? []).join('/')}`).join(', ')}`,
  )
  const kinds = options.show === undefined ? queryKinds : [options.show]
  const rows = kinds.flatMap((kind) => {
    const own = queries.filter((query) => query.kind === kind && query.half === options.half)
    if (own.length < options.queries) note(`${kind}, ${size.name}: only ${own.length} queries`)
    const graded = own.map((query) => ({ query, answer: index.search({ text: query.text }) }))
    if (options.show !== undefined) for (const { query, answer } of graded) showMisses(query, answer)
    return graded.length === 0 ? [] : rowsOfKind(`${kind}, ${size.name}`, graded)
  })
  return [...rows, caseRow(index, size.name)]
}

const options = readSearchOptions({ size: '1M' })
const names = await findNames()
if (names.source === 'synthesized')
  note(
    'the real names are not here (TONESTEAD_CATALOGUE, or shared/catalogue beside the repository): a made-up vocabulary stands in, so these are not the figures of the stated levels',
  )
printRows(options.sizes.flatMap((size) => measure(names, size, options)))
