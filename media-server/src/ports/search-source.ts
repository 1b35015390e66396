import type { ArtistCredit, Cover } from '@tonestead/protocol/catalog'
import type { Audience } from '@tonestead/protocol/audience'

/** After this many days a play counts half. */
export const playHalfLifeDays = 90

/** The kinds of items that a search index contains. */
export type SearchItemKind = 'track' | 'release' | 'artist'
/** Identifies one item. */
export type SearchItemKey = { readonly kind: SearchItemKind; readonly id: string }

type ItemOfKind<Kind extends SearchItemKind> = {
  readonly kind: Kind
  readonly id: string
  /** The name, for an artist. */
  readonly title: string
  readonly credits: readonly ArtistCredit[]
  readonly cover: Cover | undefined
  readonly isPublic: boolean
  /** Plays of the track, or of all tracks of the release or artist, weighted by age (half after `playHalfLifeDays`). */
  readonly plays: number
}
/** A track for a search index. */
export type SearchTrack = ItemOfKind<'track'> & {
  readonly release: { readonly id: string; readonly title: string }
  readonly year: number | undefined
  readonly durationMs: number
  readonly isLossless: boolean
}
/** What depends on which tracks of a release are counted. */
type ReleaseCounts = { readonly durationMs: number; readonly isLossless: boolean; readonly trackCount: number }
/** A release for a search index. `inPublic` counts only public tracks. */
export type SearchRelease = ItemOfKind<'release'> &
  ReleaseCounts & {
    readonly year: number | undefined
    readonly inPublic: ReleaseCounts & { readonly plays: number }
  }
/** An artist for a search index. The cover is that of their newest release, or newest public release if there is one. `inPublic` counts only public tracks. */
export type SearchArtist = ItemOfKind<'artist'> & {
  readonly trackCount: number
  readonly inPublic: { readonly trackCount: number; readonly plays: number }
}
/** One item of the catalog as a search index needs it. */
export type SearchItem = SearchTrack | SearchRelease | SearchArtist

/** A position in the change feed. `mark` describes the entry with that number, so that the feed of another catalog can be recognized. */
export type FeedPoint = { readonly sequence: number; readonly mark: string }

/** `keys`: the items that may have changed, each once. `last`: the sequence number to continue from. */
type SearchItemChanges = { readonly keys: readonly SearchItemKey[]; readonly last: number; readonly isLast: boolean }

/**
 * The catalog as a search index reads it. There is no snapshot over several calls: to build an index, read `newest`, then all pages, then the
 * items of all changes after that position. `today` is the day, counted since 1970, for which plays are weighted. Methods may be called concurrently.
 */
export type SearchSource = {
  /** The last entry of the change feed. */
  newest(): Promise<FeedPoint>
  /** The mark of an entry; undefined when there is no such entry. Position 0, before the first entry, has the mark ''. */
  markAt(sequence: number): Promise<string | undefined>
  /** Items of one kind in the order of their ids, starting after the id `after`. Fewer than `limit` items: this was the last page. */
  page(query: { kind: SearchItemKind; after: string; limit: number; today: number }): Promise<readonly SearchItem[]>
  /** The items that exist, in no particular order. At most 1000 keys. */
  items(keys: readonly SearchItemKey[], today: number): Promise<readonly SearchItem[]>
  /** What has changed after a sequence number. `limit` counts entries of the feed. Everyone gets only entries of public items. */
  changes(query: { after: number; limit: number }, audience: Audience): Promise<SearchItemChanges>
  /** Resolves when the feed has entries after `after`; rejects when the signal aborts. Changes by another process may go unnoticed. */
  changed(after: number, signal: AbortSignal): Promise<void>
  /** The tracks played on this day or later, with their releases and artists. */
  playedSince(day: number): Promise<readonly SearchItemKey[]>
  /** Number of tracks that the audience may hear. */
  trackCount(audience: Audience): Promise<number>
}
