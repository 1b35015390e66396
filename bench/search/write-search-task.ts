import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SearchDocument } from '@tonestead/search-index/document'
import { generateCatalog, type CatalogSize } from '../catalog/generate-catalog.ts'
import { keystrokes, makeQueries } from '../catalog/make-queries.ts'
import type { Names } from '../catalog/names.ts'
import { type Half, type Query } from '../catalog/query.ts'
import { storeDocuments, writeTracks, type PeerTrack } from './catalog-files.ts'

/** What the process of every engine is given: the files and the queries. `warmUp` is not measured. */
export type SearchTask = {
  readonly documents: string
  readonly tracks: string
  /** A data folder of the media server. The first process leaves the index in it. */
  readonly data: string
  readonly queries: readonly Query[]
  readonly keystrokes: readonly string[]
  readonly warmUp: readonly string[]
}

type TaskShape = { readonly names: Names; readonly size: CatalogSize; readonly half: Half; readonly perKind: number }

/** Writes a catalog of that size into the folder, for us and for the peers, and makes the queries. */
export const writeSearchTask = (folder: string, { names, size, half, perKind }: TaskShape): SearchTask => {
  const paths = {
    documents: join(folder, 'documents.sqlite'),
    tracks: join(folder, 'tracks.tsv'),
    data: join(folder, 'data'),
  }
  mkdirSync(paths.data)
  const tracks: KnownTrack[] = []
  const documents = (function* (): Generator<SearchDocument> {
    for (const document of storeDocuments(paths.documents, generateCatalog({ names, tracks: size.tracks }))) {
      if (document.kind === 'track') tracks.push(knownTrack(document))
      yield document
    }
  })()
  const { queries } = makeQueries(documents, { seed: 'queries 1', perKind })
  writeTracks(paths.tracks, peerTracks(tracks))
  const measured = queries.filter((query) => query.half === half)
  const others = queries.filter((query) => query.half !== half)
  return {
    ...paths,
    queries: measured,
    keystrokes: keystrokes(measured, 60),
    warmUp: others.filter((_, at) => at % Math.ceil(others.length / 400) === 0).map(({ text }) => text),
  }
}

type KnownTrack = {
  readonly title: string
  readonly artist: string
  readonly album: string
  readonly popularity: number
}

const knownTrack = ({ title, credits, release, popularity }: SearchDocument): KnownTrack => ({
  title,
  artist: credits.map(({ name }) => name).join('; '),
  album: release?.title ?? '',
  popularity,
})

/** The most popular first; the ids are the places in this order. */
function* peerTracks(tracks: KnownTrack[]): Generator<PeerTrack> {
  tracks.sort((a, b) => b.popularity - a.popularity)
  const most = Math.max(1, tracks[0]?.popularity ?? 1)
  for (const [id, { title, artist, album, popularity }] of tracks.entries())
    yield { id, title, artist, album, boost: 1 + Math.log10(1 + (1e5 * popularity) / most) / 3 }
}
