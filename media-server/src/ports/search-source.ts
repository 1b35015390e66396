import type { ArtistCredit, Cover } from '@tonestead/protocol/catalog'
import type { Audience } from '@tonestead/protocol/audience'

/** A play counts half after so many days. */
export const playHalfLifeDays = 90

export type SearchItemKind = 'track' | 'release' | 'artist'
export type SearchItemKey = { readonly kind: SearchItemKind; readonly id: string }

type ItemOfKind<Kind extends SearchItemKind> = {
  readonly kind: Kind
  readonly id: string
  /** Of an artist: the name. */
  readonly title: string
  readonly credits: readonly ArtistCredit[]
  readonly cover: Cover | undefined
  readonly isPublic: boolean
  /** Plays of the track, or of all tracks of the release or artist, each counted by its age. */
  readonly plays: number
}
export type SearchTrack = ItemOfKind<'track'> & {
  readonly release: { readonly id: string; readonly title: string }
  readonly year: number | undefined
  readonly durationMs: number
  readonly isLossless: boolean
}
export type SearchRelease = ItemOfKind<'release'> & {
  readonly year: number | undefined
  readonly durationMs: number
  readonly isLossless: boolean
  readonly trackCount: number
}
/** Their cover is that of the newest release they are heard on; of a public artist, of the newest public one. `inPublic`: the same counts of what is public. */
export type SearchArtist = ItemOfKind<'artist'> & {
  readonly trackCount: number
  readonly inPublic: { readonly trackCount: number; readonly plays: number }
}
/** One thing of the catalog as a search index wants it. */
export type SearchItem = SearchTrack | SearchRelease | SearchArtist

/** What of the catalog's history somebody has seen. `mark` tells the line of that number from lines that other histories have under it. */
export type FeedPoint = { readonly sequence: number; readonly mark: string }

/** `keys`: what may be other than before, each once. */
type SearchItemChanges = { readonly keys: readonly SearchItemKey[]; readonly last: number; readonly isLast: boolean }

/**
 * The catalog as whoever keeps a search index of it reads it. Reads are of the moment: an index is made from all pages, read after `newest`, and
 * then the items of all changes since. `today`: days since 1970, by which plays are weighed.
 */
export type SearchSource = {
  newest(): Promise<FeedPoint>
  /** Undefined: the feed has no such line. The empty history, 0, has the mark ''. */
  markAt(sequence: number): Promise<string | undefined>
  /** Things of one kind by id, beginning after one. Fewer than `limit`: these were the last. */
  page(query: { kind: SearchItemKind; after: string; limit: number; today: number }): Promise<readonly SearchItem[]>
  /** Those that are there, in no order. At most 1000. */
  items(keys: readonly SearchItemKey[], today: number): Promise<readonly SearchItem[]>
  /** `limit` counts lines of the feed. To everyone only what concerns everyone is told. */
  changes(query: { after: number; limit: number }, audience: Audience): Promise<SearchItemChanges>
  /** Resolves when the feed is longer than `after`; rejects when the signal aborts. A change made by another process may go unnoticed. */
  changed(after: number, signal: AbortSignal): Promise<void>
  /** Tracks that were played on this day or later, with their releases and artists. */
  playedSince(day: number): Promise<readonly SearchItemKey[]>
  trackCount(audience: Audience): Promise<number>
}
