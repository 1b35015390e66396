import type { PlaylistEntry } from '@tonestead/crdt/playlists/playlist-document'
import { sortedEntries, type PlaylistSort } from '@tonestead/crdt/playlists/playlist-views'
import type { Availability } from '@tonestead/crdt/tracks/match-track'
import type { Track } from '@tonestead/protocol/catalog'
import type { KnownTracks } from '../../engine/playlists/playlists.ts'
import type { ListedTrack } from '../tracks/listed-track.ts'

/** The orders that a playlist is shown in. `own`: that of the playlist, in which entries can be moved. */
export const sortNames = {
  own: 'Own order',
  title: 'Title',
  artist: 'Artist',
  '-addedAt': 'Newest first',
  addedAt: 'Oldest first',
  duration: 'Shortest first',
  '-duration': 'Longest first',
} as const
export type SortName = keyof typeof sortNames
export const parseSort = (text: string | null): SortName =>
  text !== null && Object.hasOwn(sortNames, text) ? (text as SortName) : 'own'

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true })

/** The entries in the order of a view; the playlist keeps its own. */
export const entriesInOrder = (entries: readonly PlaylistEntry[], sort: SortName): readonly PlaylistEntry[] =>
  sort === 'own'
    ? entries
    : sortedEntries(entries, {
        by: sort.replace('-', '') as PlaylistSort,
        isDescending: sort.startsWith('-'),
        compareText: collator.compare,
      })

/** Why an entry cannot be played; undefined when it can. */
export const noteOf = (availability: Availability | undefined, mayListen = true): string | undefined => {
  switch (availability?.kind) {
    case 'known':
      return undefined
    case 'gone':
      return mayListen ? 'Not on this server any more' : 'You may not hear it here'
    case 'other-server':
      return 'On another server'
    case undefined:
      return 'Written by a newer version of the app'
  }
}

/** Who added an entry, by account, for people. */
export type NameOf = (account: string) => string
/** For whom rows are made. `mayListen`: the account may hear what is not public on this server. */
type Reader = { readonly nameOf: NameOf | undefined; readonly mayListen: boolean }
type RowFacts = {
  readonly track: Track | undefined
  readonly note: string | undefined
  readonly addedBy: string | undefined
}

/** Makes the rows of entries. A row stays the same object until its entry, what is known of its track or the name of its author changes. */
export const createRows = (): ((entry: PlaylistEntry, known: KnownTracks, reader?: Reader) => ListedTrack) => {
  type Row = RowFacts & { readonly listed: ListedTrack }
  const rows = new WeakMap<PlaylistEntry, Row>()
  return (entry, known, reader) => {
    const facts = rowFacts(entry, known, reader)
    const before = rows.get(entry)
    if (before !== undefined && isSame(before, facts)) return before.listed
    const listed = listedOf(entry, facts)
    rows.set(entry, { ...facts, listed })
    return listed
  }
}

const rowFacts = ({ item }: PlaylistEntry, known: KnownTracks, reader: Reader | undefined): RowFacts => ({
  track: item && known.trackOf(item.track),
  note: noteOf(item && known.availabilityOf(item.track), reader?.mayListen),
  addedBy: item && reader?.nameOf?.(item.by),
})

const isSame = (a: RowFacts, b: RowFacts): boolean =>
  a.track === b.track && a.note === b.note && a.addedBy === b.addedBy

/** What the catalog says where it is known, else what the entry remembers. */
const listedOf = ({ id, item }: PlaylistEntry, { track, note, addedBy }: RowFacts): ListedTrack => {
  if (item === undefined)
    return { id, title: 'Unknown song', credits: [], release: { id: '', title: '' }, durationMs: 0, note }
  const { addedAt } = item
  if (track !== undefined) return { ...track, addedAt, addedBy, note }
  const { trackId, title, credits, release, durationMs } = item.track
  return {
    id: trackId,
    title,
    credits: credits.map(({ name, join }) => ({ id: '', name, join })),
    release: { id: note === undefined ? (release.id ?? '') : '', title: release.title },
    durationMs,
    addedAt,
    addedBy,
    note,
  }
}
