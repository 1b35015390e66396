import { readMap, textAt } from '../documents/map-changes.ts'
import type { IntentId } from '../ids.ts'
import type { LibraryDocument, LibrarySection } from './library-document.ts'
import { savedKey } from './saved-key.ts'
import type { LibraryIntent } from './library-intent.ts'
import { packedArtist, packedRelease, packedTrack } from './packed-saved.ts'

/** An intent, and the shard as it was before it was applied. `id`: of the intent that undoes it. */
export type LibraryUndo = { readonly before: LibraryDocument; readonly intent: LibraryIntent; readonly id: IntentId }

/** [UN1] As `undoOfPlaylistIntent`, for a shard of the library. What was removed comes back with the instant at which it was saved. */
export const undoOfLibraryIntent = ({ before, intent, id }: LibraryUndo): LibraryIntent | undefined => {
  const removalOf = (section: LibrarySection, saved: readonly string[]): LibraryIntent | undefined => {
    const keys = saved.filter((key) => textAt(before[section], key) === undefined)
    return keys.length === 0 ? undefined : { kind: 'unsave', id, section, keys }
  }
  switch (intent.kind) {
    case 'saveTracks':
      return removalOf(
        'tracks',
        intent.tracks.map(({ track }) => savedKey(track.serverId, track.trackId)),
      )
    case 'saveReleases':
      return removalOf(
        'releases',
        intent.releases.map(({ serverId, releaseId }) => savedKey(serverId, releaseId)),
      )
    case 'saveArtists':
      return removalOf(
        'artists',
        intent.artists.map(({ serverId, artistId }) => savedKey(serverId, artistId)),
      )
    case 'unsave':
      return restorationOf(before, intent, id)
  }
}

const restorationOf = (
  before: LibraryDocument,
  { section, keys }: Extract<LibraryIntent, { kind: 'unsave' }>,
  id: IntentId,
): LibraryIntent | undefined => {
  const map = Object.fromEntries(
    keys.flatMap((key) => {
      const text = textAt(before[section], key)
      return text === undefined ? [] : [[key, text]]
    }),
  )
  if (Object.keys(map).length === 0) return undefined
  if (section === 'tracks') return { kind: 'saveTracks', id, tracks: [...readMap(map, packedTrack.unpack).values()] }
  if (section === 'releases')
    return { kind: 'saveReleases', id, releases: [...readMap(map, packedRelease.unpack).values()] }
  return { kind: 'saveArtists', id, artists: [...readMap(map, packedArtist.unpack).values()] }
}
