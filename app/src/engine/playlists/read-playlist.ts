import { textOf } from '@tonestead/crdt/documents/document-text'
import type { EntryId } from '@tonestead/crdt/ids'
import { packedPlaylistEntry } from '@tonestead/crdt/playlists/packed-playlist'
import { playlistDetails, type PlaylistDocument, type PlaylistEntry } from '@tonestead/crdt/playlists/playlist-document'
import { recordOf, shownIds } from '@tonestead/crdt/slots/slot-list'
import type { DocumentView } from '../documents/documents.ts'
import type { OpenPlaylist, PlaylistState } from './playlists.ts'

/** What a playlist without a title is called. */
const untitledPlaylist = 'Untitled playlist'

/** Reads the views of one playlist. [PY9] An entry whose record did not change is the same object as before and is not parsed again. */
export const createPlaylistReader = (id: EntryId): ((view: DocumentView<'playlist'>) => PlaylistState) => {
  let known = new Map<string, { readonly text: string; readonly entry: PlaylistEntry }>()
  const readEntries = (document: PlaylistDocument): PlaylistEntry[] => {
    const before = known
    known = new Map()
    return shownIds(document).map((entryId) => {
      const text = textOf(recordOf(document, entryId)?.item)
      const same = before.get(entryId)
      const one = same?.text === text ? same : { text, entry: readEntry(entryId, text) }
      known.set(entryId, one)
      return one.entry
    })
  }
  return (view) => {
    if (view.kind !== 'open') return view
    const entries = readEntries(view.document)
    return {
      kind: 'open',
      id,
      ...detailsOf(view.document),
      entries,
      durationMs: lengthOf(entries),
      isReadOnly: view.isReadOnly,
    }
  }
}

const readEntry = (id: string, text: string): PlaylistEntry => ({
  id: id as EntryId,
  item: packedPlaylistEntry.unpack(text),
})

const detailsOf = (document: PlaylistDocument): Pick<OpenPlaylist, 'title' | 'description' | 'cover'> => {
  const { title, description, cover } = playlistDetails(document)
  return {
    title: title === undefined || title.trim() === '' ? untitledPlaylist : title,
    description: description ?? '',
    cover,
  }
}

const lengthOf = (entries: readonly PlaylistEntry[]): number =>
  entries.reduce((sum, { item }) => sum + (item?.track.durationMs ?? 0), 0)
