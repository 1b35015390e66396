import type { EntryId } from '@tonestead/crdt/ids'
import type { PlaylistCover } from '@tonestead/crdt/playlists/packed-playlist'
import type { PlaylistEntry } from '@tonestead/crdt/playlists/playlist-document'
import type { Place } from '@tonestead/crdt/slots/place'
import type { Availability } from '@tonestead/crdt/tracks/match-track'
import type { TrackReference } from '@tonestead/crdt/tracks/track-reference'
import type { Track } from '@tonestead/protocol/catalog'
import type { DocumentsFault } from '../documents/documents.ts'
import type { Readable } from '../readable.ts'

// Playlists and folders of the account, as the page uses them. Rules in SPEC.md.

/** A playlist or folder in the tree of the root document. [PY1] The id of a playlist's item is the id of the playlist. */
export type PlaylistNode =
  | { readonly kind: 'playlist'; readonly id: EntryId; readonly collection: string }
  | { readonly kind: 'folder'; readonly id: EntryId; readonly name: string; readonly children: readonly PlaylistNode[] }

export type PlaylistTree =
  | { readonly kind: 'loading' }
  | { readonly kind: 'unavailable'; readonly reason: DocumentsFault }
  | { readonly kind: 'open'; readonly nodes: readonly PlaylistNode[]; readonly isReadOnly: boolean }

/** A playlist. `missing`: the account has none with this id. */
export type PlaylistState =
  | { readonly kind: 'loading' | 'missing' }
  | { readonly kind: 'unavailable'; readonly reason: DocumentsFault }
  | OpenPlaylist

export type OpenPlaylist = {
  readonly kind: 'open'
  readonly id: EntryId
  /** Never empty: a playlist without a title is called "Untitled playlist". */
  readonly title: string
  readonly description: string
  readonly cover: PlaylistCover | undefined
  /** In the order of the playlist. An entry stays the same object until it changes. */
  readonly entries: readonly PlaylistEntry[]
  readonly durationMs: number
  readonly isReadOnly: boolean
}

/** Why a change was not made. `reason` of `refused`: as in `RefusalReason`, or `failed`. `no-server`: tracks have no server yet. */
export type ChangeFailure =
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'read-only' | 'no-server' }
  | { readonly kind: 'unavailable'; readonly reason: DocumentsFault }

/** `undo` takes back this change, whatever was changed after it. */
export type Changed =
  { readonly kind: 'changed'; readonly undo: () => Promise<Undone> } | { readonly kind: 'unchanged' } | ChangeFailure

export type Undone = { readonly kind: 'undone' } | { readonly kind: 'nothing' } | ChangeFailure

export type Created =
  { readonly kind: 'created'; readonly id: EntryId; readonly undo: () => Promise<Undone> } | ChangeFailure

/** The document that an undo belongs to: the tree of playlists and folders, or one playlist. */
export type UndoTarget = 'tree' | EntryId

/** What is known of the tracks of references. A new object after each change. */
export type KnownTracks = {
  /** The track in the catalog; undefined while it is not known, or when it is not there. */
  readonly trackOf: (reference: TrackReference) => Track | undefined
  readonly availabilityOf: (reference: TrackReference) => Availability
}

/** Where an item goes: into a folder (without: to the top), to a place in the order of all items (without: the end). */
export type ItemPlace = { readonly folder?: EntryId | undefined; readonly place?: Place }

type FoundAgain = { readonly found: number; readonly missing: number; readonly change: Changed }

export type Playlists = {
  readonly tree: Readable<PlaylistTree>
  /** Equal ids give the same readable. */
  readonly playlist: (id: EntryId) => Readable<PlaylistState>
  readonly known: Readable<KnownTracks>
  /** Requests the tracks of references that are not known, for the part of the page that is called `by`; replaces what it wanted before. */
  readonly want: (by: string, references: readonly TrackReference[]) => void
  /** The tracks of references, in their order, without those that cannot be had. At most `mostLoaded` at a time. */
  readonly load: (references: readonly TrackReference[], signal: AbortSignal) => Promise<readonly Track[]>
  readonly create: (wanted: {
    readonly title: string
    readonly tracks?: readonly Track[]
    readonly folder?: EntryId | undefined
  }) => Promise<Created>
  readonly rename: (id: EntryId, title: string) => Promise<Changed>
  readonly describe: (id: EntryId, description: string) => Promise<Changed>
  /** Without a cover, the cover is made of the first entries. */
  readonly setCover: (id: EntryId, cover: PlaylistCover | undefined) => Promise<Changed>
  /** To the end. */
  readonly addTracks: (id: EntryId, tracks: readonly Track[]) => Promise<Changed>
  readonly removeEntries: (id: EntryId, entries: readonly EntryId[]) => Promise<Changed>
  /** The entries become neighbours in the order of the playlist; the first of them gets this index in the new order. */
  readonly moveEntries: (id: EntryId, entries: readonly EntryId[], toIndex: number) => Promise<Changed>
  /** [PY8] Looks for entries whose track cannot be played here, and replaces the tracks that were found. */
  readonly findAgain: (id: EntryId, entries: readonly EntryId[], signal: AbortSignal) => Promise<FoundAgain>
  readonly createFolder: (name: string, folder?: EntryId) => Promise<Created>
  readonly renameFolder: (folder: EntryId, name: string) => Promise<Changed>
  /** Takes playlists and folders out of the tree. What is in a folder goes to where the folder was. */
  readonly removeItems: (ids: readonly EntryId[]) => Promise<Changed>
  readonly moveItems: (ids: readonly EntryId[], to: ItemPlace) => Promise<Changed>
  readonly undo: (target: UndoTarget) => Promise<Undone>
  readonly redo: (target: UndoTarget) => Promise<Undone>
}
