import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SearchDocument } from '@tonestead/search-index/document'
import { generateCatalog, type CatalogSize } from '../catalogue/generate-catalog.ts'
import { keystrokes, makeQueries } from '../catalogue/make-queries.ts'
import type { Names } from '../catalogue/names.ts'
import { type Half, type Query } from '../catalogue/query.ts'
import { keepDocuments, writeTracks, type PeerTrack } from './catalog-files.ts'

/** What every measured process is given: the files, and what to ask. `warmUp` is never measured. */
export type Task = {
  readonly documents: string
  readonly tracks: string
  /** A data folder of the media server; the first process leaves the index in it. */
  readonly data: string
  readonly queries: readonly Query[]
  readonly keystrokes: readonly string[]
  readonly warmUp: readonly string[]
}

type KnownTrack = {
  readonly title: string
  readonly artist: string
  readonly album: string
  readonly popularity: number
}

/** The best known first, by which they are numbered. */
function* peerTracks(tracks: KnownTrack[]): Generator<PeerTrack> {
  tracks.sort((a, b) => b.popularity - a.popularity)
  const most = Math.max(1, tracks[0]?.popularity ?? 1)
  for (const [id, { title, artist, album, popularity }] of tracks.entries())
    yield { id, title, artist, album, boost: 1 + Math.log10(1 + (1e5 * popularity) / most) / 3 }
}

const knownTrack = ({ title, credits, release, popularity }: SearchDocument): KnownTrack => ({
  title,
  artist: credits.map(({ name }) => name).join('; '),
  album: release?.title ?? '',
  popularity,
})

type Wanted = { readonly names: Names; readonly size: CatalogSize; readonly half: Half; readonly perKind: number }

/** Writes the catalog of that size into the folder, for us and for the peers, with the queries over it. */
export const writeCatalog = (folder: string, { names, size, half, perKind }: Wanted): Task => {
  const paths = {
    documents: join(folder, 'documents.sqlite'),
    tracks: join(folder, 'tracks.tsv'),
    data: join(folder, 'data'),
  }
  mkdirSync(paths.data)
  const tracks: KnownTrack[] = []
  const documents = (function* (): Generator<SearchDocument> {
    for (const document of keepDocuments(paths.documents, generateCatalog({ names, tracks: size.tracks }))) {
      if (document.kind === 'track') tracks.push(knownTrack(document))
      yield document
    }
  })()
  const { queries } = makeQueries(documents, { seed: 'queries 1', perKind })
  writeTracks(paths.tracks, peerTracks(tracks))
  const asked = queries.filter((query) => query.half === half)
  const others = queries.filter((query) => query.half !== half)
  return {
    ...paths,
    queries: asked,
    keystrokes: keystrokes(asked, 60),
    warmUp: others.filter((_, at) => at % Math.ceil(others.length / 400) === 0).map(({ text }) => text),
  }
}
