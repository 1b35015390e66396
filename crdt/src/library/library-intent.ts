import { maxLibraryEntries } from '../documents/document-limits.ts'
import type { DraftTools } from '../documents/document-text.ts'
import type { Outcome } from '../documents/intent-outcome.ts'
import { deleteKeys, putTexts } from '../documents/map-changes.ts'
import type { IntentId } from '../ids.ts'
import type { LibraryDocument, LibrarySection } from './library-document.ts'
import { savedKey } from './saved-key.ts'
import {
  packedArtist,
  packedRelease,
  packedTrack,
  type SavedArtist,
  type SavedRelease,
  type SavedTrack,
} from './packed-saved.ts'

/** A change of a shard of the library, as plain data. */
export type LibraryIntent =
  | { readonly kind: 'saveTracks'; readonly id: IntentId; readonly tracks: readonly SavedTrack[] }
  | { readonly kind: 'saveReleases'; readonly id: IntentId; readonly releases: readonly SavedRelease[] }
  | { readonly kind: 'saveArtists'; readonly id: IntentId; readonly artists: readonly SavedArtist[] }
  | {
      readonly kind: 'unsave'
      readonly id: IntentId
      readonly section: LibrarySection
      readonly keys: readonly string[]
    }

/** [LB4] Applies an intent to the draft of a shard. What is saved already stays as it is. */
export const applyLibraryIntent = (
  draft: LibraryDocument,
  intent: LibraryIntent,
  tools: DraftTools<LibraryDocument>,
): Outcome => {
  const inSection = (section: LibrarySection) => ({ map: draft[section], before: tools.before?.[section], tools })
  switch (intent.kind) {
    case 'saveTracks':
      return putTexts(
        inSection('tracks'),
        new Map(
          intent.tracks.map((saved) => [savedKey(saved.track.serverId, saved.track.trackId), packedTrack.pack(saved)]),
        ),
        { key: 'savedKey', value: 'savedTrack', maxKeys: maxLibraryEntries },
      )
    case 'saveReleases':
      return putTexts(
        inSection('releases'),
        new Map(intent.releases.map((saved) => [savedKey(saved.serverId, saved.releaseId), packedRelease.pack(saved)])),
        { key: 'savedKey', value: 'savedRelease', maxKeys: maxLibraryEntries },
      )
    case 'saveArtists':
      return putTexts(
        inSection('artists'),
        new Map(intent.artists.map((saved) => [savedKey(saved.serverId, saved.artistId), packedArtist.pack(saved)])),
        { key: 'savedKey', value: 'savedArtist', maxKeys: maxLibraryEntries },
      )
    case 'unsave':
      return deleteKeys(draft[intent.section], intent.keys)
  }
}
