import type { EntryId, IntentId } from '../ids.ts'
import type { Place } from '../slots/place.ts'
import type { TrackReference } from '../tracks/track-reference.ts'
import type { PlaylistCover, PlaylistItem } from './packed-playlist.ts'

/** An entry that an intent brings. */
export type NewPlaylistEntry = { readonly id: EntryId } & PlaylistItem
/** Entries that an intent brings to one place. */
export type NewPlaylistRun = { readonly entries: readonly NewPlaylistEntry[]; readonly place: Place }
/** Entries that an intent moves to one place. */
export type PlaylistRun = { readonly ids: readonly EntryId[]; readonly place: Place }

/**
 * A change of a playlist, as plain data. An undo is an intent too: `restoreEntries` brings removed entries back, `returnEntries` moves entries back that
 * still are where the intent `movedBy` put them, and `expected` sets a text only while it is the one that the undone intent had set. An absent value of
 * `title`, `description` or `cover` removes it; an absent `expected` expects nothing.
 */
export type PlaylistIntent =
  | ({ readonly kind: 'addEntries'; readonly id: IntentId } & NewPlaylistRun)
  | { readonly kind: 'restoreEntries'; readonly id: IntentId; readonly runs: readonly NewPlaylistRun[] }
  | ({ readonly kind: 'moveEntries'; readonly id: IntentId } & PlaylistRun)
  | {
      readonly kind: 'returnEntries'
      readonly id: IntentId
      readonly runs: readonly PlaylistRun[]
      readonly movedBy: IntentId
    }
  | { readonly kind: 'removeEntries'; readonly id: IntentId; readonly ids: readonly EntryId[] }
  | {
      readonly kind: 'replaceTracks'
      readonly id: IntentId
      readonly tracks: readonly { readonly id: EntryId; readonly track: TrackReference }[]
    }
  | { readonly kind: 'setTitle'; readonly id: IntentId; readonly title?: string; readonly expected?: Expected<string> }
  | {
      readonly kind: 'setDescription'
      readonly id: IntentId
      readonly description?: string
      readonly expected?: Expected<string>
    }
  | {
      readonly kind: 'setCover'
      readonly id: IntentId
      readonly cover?: PlaylistCover
      readonly expected?: Expected<PlaylistCover>
    }
  | { readonly kind: 'collectSlots'; readonly id: IntentId; readonly slots: readonly string[] }

/** The value that must be there for an intent to apply; without `value`: none. */
export type Expected<T> = { readonly value?: T }
