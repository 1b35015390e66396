import { entryCost, partsOf } from '../documents/intent-size.ts'
import { partIdOf } from '../slots/slot-ids.ts'
import type { LibraryIntent } from './library-intent.ts'
import { packedArtist, packedRelease, packedTrack } from './packed-saved.ts'

/** [IN3] Cuts an intent into parts of which each fits one change; one that fits stays as it is. */
export const splitLibraryIntent = (intent: LibraryIntent): LibraryIntent[] => {
  const parts = cut(intent)
  return parts.length <= 1 ? [intent] : parts.map((part, index) => ({ ...part, id: partIdOf(intent.id, index) }))
}

const cut = (intent: LibraryIntent): LibraryIntent[] => {
  switch (intent.kind) {
    case 'saveTracks':
      return partsOf(intent.tracks, (saved) => entryCost(packedTrack.pack(saved))).map((tracks) => ({
        ...intent,
        tracks,
      }))
    case 'saveReleases':
      return partsOf(intent.releases, (saved) => entryCost(packedRelease.pack(saved))).map((releases) => ({
        ...intent,
        releases,
      }))
    case 'saveArtists':
      return partsOf(intent.artists, (saved) => entryCost(packedArtist.pack(saved))).map((artists) => ({
        ...intent,
        artists,
      }))
    case 'unsave':
      return partsOf(intent.keys, () => entryCost('')).map((keys) => ({ ...intent, keys }))
  }
}
