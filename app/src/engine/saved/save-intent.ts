import {
  parseChunkId,
  type ArtistId,
  type IntentId,
  type ReleaseId,
  type ServerId,
  type TrackId,
} from '@tonestead/crdt/ids'
import type { UnixMs } from '@tonestead/crdt/instant'
import { maxReferenceTitleUnits } from '@tonestead/crdt/documents/document-limits'
import { savedKey } from '@tonestead/crdt/library/saved-key'
import type { LibraryIntent } from '@tonestead/crdt/library/library-intent'
import { fitCredits, fitText } from '@tonestead/crdt/tracks/track-reference'
import { referenceOfTrack } from '../library/reference-of-track.ts'
import type { Savable, SavableRelease } from './saved-music.ts'

/** [SV2] The key of a thing of the catalog in the library. */
export const keyOfSavable = (thing: Savable, serverId: ServerId): string => savedKey(serverId, idOf(thing))

/** [SV2] The intent that saves a thing, with what a row or card shows without its server. */
export const saveIntent = (
  thing: Savable,
  { id, serverId, savedAt }: { readonly id: IntentId; readonly serverId: ServerId; readonly savedAt: UnixMs },
): LibraryIntent => {
  switch (thing.section) {
    case 'tracks':
      return { kind: 'saveTracks', id, tracks: [{ savedAt, track: referenceOfTrack(thing.track, serverId) }] }
    case 'releases':
      return { kind: 'saveReleases', id, releases: [{ savedAt, serverId, ...describeRelease(thing.release) }] }
    case 'artists': {
      const { id: artistId, name } = thing.artist
      return {
        kind: 'saveArtists',
        id,
        artists: [{ savedAt, serverId, artistId, name: fitText(name, maxReferenceTitleUnits) }],
      }
    }
  }
}

const idOf = (thing: Savable): TrackId | ReleaseId | ArtistId => {
  if (thing.section === 'tracks') return thing.track.id
  return thing.section === 'releases' ? thing.release.id : thing.artist.id
}

/** Years outside of the format of documents are left out. */
const describeRelease = ({ id, title, credits, year, cover }: SavableRelease) => ({
  releaseId: id,
  title: fitText(title, maxReferenceTitleUnits),
  credits: fitCredits(credits),
  ...(year !== undefined && Number.isInteger(year) && year > 0 && year <= 9_999 ? { year } : {}),
  ...(cover === undefined ? {} : { coverId: parseChunkId(cover.id) }),
})
