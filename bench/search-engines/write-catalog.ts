import { join } from 'node:path'
import type { SearchDocument } from '@tonestead/search-index/document'
import { generateCatalog, type CatalogSize } from '../catalogue/generate-catalog.ts'
import { keystrokes, makeQueries } from '../catalogue/make-queries.ts'
import type { Names } from '../catalogue/names.ts'
import { type Half, type Query } from '../catalogue/query.ts'
import { writeLines } from './catalog-files.ts'

/** What every measured process is given: the files, and what to ask. `warmUp` is never measured. */
export type Task = { readonly documents: string; readonly tracks: string; readonly queries: readonly Query[]; readonly keystrokes: readonly string[]; readonly warmUp: readonly string[] }

const plain = (text: string): string => text.replace(/[\t\n\r]/g, ' ')

const trackLines = (documents: readonly { title: string; artist: string; album: string; popularity: number }[]): string[] => {
  const most = Math.max(1, documents[0]?.popularity ?? 1)
  return documents.map(({ title, artist, album, popularity }, id) => [id, plain(title), plain(artist), plain(album), (1 + Math.log10(1 + (1e5 * popularity) / most) / 3).toFixed(4)].join('\t'))
}

type Wanted = { readonly names: Names; readonly size: CatalogSize; readonly half: Half; readonly perKind: number }

/** Writes the catalog of that size into the folder, for us and for the peers, with the queries over it. */
export const writeCatalog = (folder: string, { names, size, half, perKind }: Wanted): Task => {
  const paths = { documents: join(folder, `documents-${size.name}.jsonl`), tracks: join(folder, `tracks-${size.name}.tsv`) }
  const catalog = (): Generator<SearchDocument> => generateCatalog({ names, tracks: size.tracks })
  const tracks: { title: string; artist: string; album: string; popularity: number }[] = []
  writeLines(paths.documents, (function* () {
    for (const document of catalog()) {
      if (document.kind === 'track') tracks.push({ title: document.title, artist: document.credits.map(({ name }) => name).join('; '), album: document.release?.title ?? '', popularity: document.popularity })
      yield JSON.stringify(document)
    }
  })())
  writeLines(paths.tracks, trackLines(tracks.sort((a, b) => b.popularity - a.popularity)))
  const { queries } = makeQueries(catalog(), { seed: 'queries 1', perKind })
  const asked = queries.filter((query) => query.half === half)
  const others = queries.filter((query) => query.half !== half)
  return { ...paths, queries: asked, keystrokes: keystrokes(asked, 60), warmUp: others.filter((_, at) => at % Math.ceil(others.length / 400) === 0).map(({ text }) => text) }
}
