import type { EntryId, ServerId } from '@tonestead/crdt/ids'
import { eachSaved, type LibraryDocument } from '@tonestead/crdt/library/library-document'
import type { CreditName } from '@tonestead/crdt/tracks/track-reference'
import type { SearchDocument } from '@tonestead/search-index/document'
import type { OpenPlaylist, PlaylistNode } from '../../playlists/playlists.ts'

/** What is searched of a playlist. `folders`: the names of the folders that it is in. */
export type FoundablePlaylist = Pick<OpenPlaylist, 'id' | 'title' | 'description'> & {
  readonly folders: readonly string[]
}

/** The playlists of a tree, each with the names of the folders that it is in, the outermost first. */
export const playlistsIn = (
  nodes: readonly PlaylistNode[],
  folders: readonly string[] = [],
): { readonly id: EntryId; readonly folders: readonly string[] }[] =>
  nodes.flatMap((node) =>
    node.kind === 'playlist' ? [{ id: node.id, folders }] : playlistsIn(node.children, [...folders, node.name]),
  )

const common = { popularity: 1, isPublic: false, isLossless: false, isInLibrary: true } as const

/** [OS2] Playlists as documents of the index: their title is the headline, description and folders are aliases. */
export const documentsOfPlaylists = (playlists: readonly FoundablePlaylist[]): SearchDocument[] =>
  playlists.map(({ id, title, description, folders }) => ({
    ...common,
    kind: 'playlist',
    id,
    title,
    credits: [],
    aliases: [description, ...folders].filter((text) => text.trim() !== ''),
  }))

/** [OS3] What is saved as documents of the index, made one by one. A thing of this server has its id in the catalog; one of another server its `savedKey`. */
export const documentsOfSaved = function* (
  shards: readonly LibraryDocument[],
  serverId: ServerId | undefined,
): Generator<SearchDocument> {
  const idOf = (key: string, id: string): string => (key === `${serverId ?? ''}/${id}` ? id : key)
  for (const [key, { track }] of eachSaved(shards, 'tracks'))
    yield {
      ...common,
      kind: 'track',
      id: idOf(key, track.trackId),
      title: track.title,
      credits: withoutIds(track.credits),
      release: { id: track.release.id ?? '', title: track.release.title },
      durationMs: track.durationMs,
    }
  for (const [key, saved] of eachSaved(shards, 'releases'))
    yield {
      ...common,
      kind: 'release',
      id: idOf(key, saved.releaseId),
      title: saved.title,
      credits: withoutIds(saved.credits),
      year: saved.year,
      image: saved.coverId,
    }
  for (const [key, saved] of eachSaved(shards, 'artists'))
    yield { ...common, kind: 'artist', id: idOf(key, saved.artistId), title: saved.name, credits: [] }
}

/** A document does not keep the ids of artists. */
const withoutIds = (credits: readonly CreditName[]): SearchDocument['credits'] =>
  credits.map(({ name, join }) => ({ id: '', name, join }))
