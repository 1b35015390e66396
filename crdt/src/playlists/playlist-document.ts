import { optionalTextOf, textOf, type Text } from '../documents/document-text.ts'
import type { EntryId } from '../ids.ts'
import { recordOf, shownIds, type SlotsDocument } from '../slots/slot-list.ts'
import { packedCover, packedPlaylistEntry, type PlaylistCover, type PlaylistItem } from './packed-playlist.ts'

/** The record of an entry: its slot and a packed `PlaylistItem`. */
export type PlaylistEntryRecord = { at: Text; item: Text }
/** A playlist. `cover`: a packed `PlaylistCover`; without one the cover is made of the entries. */
export type PlaylistDocument = SlotsDocument<PlaylistEntryRecord> & {
  v: number
  title?: Text
  description?: Text
  cover?: Text
}

/** A shown entry. `item` is undefined when its record cannot be read: it was written by a newer or a faulty program. */
export type PlaylistEntry = { readonly id: EntryId; readonly item: PlaylistItem | undefined }

/** [PL1] The shown entries in order. */
export const playlistEntries = (playlist: PlaylistDocument): PlaylistEntry[] =>
  shownIds(playlist).map((id) => ({ id: id as EntryId, item: playlistItem(playlist, id) }))

/** What an entry holds; undefined when it is gone or cannot be read. */
export const playlistItem = (playlist: PlaylistDocument, id: string): PlaylistItem | undefined =>
  packedPlaylistEntry.unpack(textOf(recordOf(playlist, id)?.item))

/** Title, description and cover; undefined where none was given or it cannot be read. */
export const playlistDetails = (
  playlist: PlaylistDocument,
): {
  readonly title: string | undefined
  readonly description: string | undefined
  readonly cover: PlaylistCover | undefined
} => ({
  title: optionalTextOf(playlist.title),
  description: optionalTextOf(playlist.description),
  cover: packedCover.unpack(textOf(playlist.cover)),
})
