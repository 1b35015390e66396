import type { SearchDocument } from '@tonestead/search-index/document'
import { documentsOfPlaylists, documentsOfSaved, playlistsIn } from '../../engine/search/own/own-documents.ts'
import type { Playlists } from '../../engine/playlists/playlists.ts'
import type { SavedMusic } from '../../engine/saved/saved-music.ts'
import type { FakeCatalog } from './fake-catalog.testkit.ts'

type CoverRef = { readonly id: string; readonly color: string } | undefined
const imageOf = (cover: CoverRef): string | undefined => (cover === undefined ? undefined : `${cover.id}${cover.color}`)
const publicDocument = { isPublic: true, isInLibrary: false } as const

/** The first releases of the generated catalog as documents of the index, and some names that are hard to lay out. */
export const searchDocumentsOf = ({ releases, artists }: FakeCatalog, mostReleases = 200): SearchDocument[] => [
  ...artists.map((artist, index): SearchDocument => ({
    ...publicDocument,
    kind: 'artist',
    id: artist.id,
    title: artist.name,
    credits: [],
    image: imageOf(artist.cover),
    popularity: 2_000 - index,
    isLossless: false,
  })),
  ...releases.slice(0, mostReleases).flatMap((release, index): SearchDocument[] => [
    {
      ...publicDocument,
      kind: 'release',
      id: release.id,
      title: release.title,
      credits: release.credits,
      year: release.year,
      image: imageOf(release.cover),
      popularity: 1_000 - index,
      isLossless: index % 3 === 0,
    },
    ...release.tracks.map((track): SearchDocument => ({
      ...publicDocument,
      kind: 'track',
      id: track.id,
      title: track.title,
      credits: track.credits,
      release: { id: release.id, title: release.title },
      year: release.year,
      durationMs: track.durationMs,
      image: imageOf(release.cover),
      popularity: 900 - index,
      isLossless: track.heads.flac !== undefined,
    })),
  ]),
  ...['River walks', 'Songs by the river'].map((title, index): SearchDocument => ({
    ...publicDocument,
    kind: 'playlist',
    id: `list${index}`.padEnd(26, 'a'),
    title,
    credits: [],
    popularity: 20,
    isLossless: false,
  })),
  ...['ليلة القدر والبحر الطويل', 'שלום עולם', '夜に駆ける', '👩🏽‍🚀 Rocket 👩🏽‍🚀', '<b>Bold</b> & "quoted"'].map(
    (title, index): SearchDocument => ({
      ...publicDocument,
      kind: 'track',
      id: `odd${index}`.padEnd(26, 'a'),
      title,
      credits: [{ id: 'artaaaaaaaaaaaaaaaaaaaaaaa', name: 'فيروز', join: '' }],
      popularity: 10,
      isLossless: false,
    }),
  ),
]

/** The playlists of the account and what is saved, as they are now. */
export const ownSearchDocumentsOf = ({ tree, playlist }: Playlists, saved: SavedMusic): SearchDocument[] => {
  const now = tree.get()
  const library = saved.view.get()
  const playlists = (now.kind === 'open' ? playlistsIn(now.nodes) : []).flatMap(({ id, folders }) => {
    const state = playlist(id).get()
    return state.kind === 'open' ? [{ ...state, folders }] : []
  })
  return [
    ...documentsOfPlaylists(playlists),
    ...(library.kind === 'open' ? [...documentsOfSaved(library.shards, saved.serverId.get())] : []),
  ]
}
