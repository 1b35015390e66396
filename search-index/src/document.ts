// What the index knows of a thing that can be found. The index knows nothing of catalogs: ids and pictures are text that it gives back.

export const documentKinds = ['track', 'release', 'artist', 'playlist'] as const
export type DocumentKind = (typeof documentKinds)[number]

/** One name in a credit line; `join` is the text that follows it (" & ", " feat. ", or ""). `id` is the artist's. */
export type CreditName = { readonly id: string; readonly name: string; readonly join: string }

export type SearchDocument = {
  readonly kind: DocumentKind
  /** Unique within its kind. */
  readonly id: string
  /** Title of a track or release, name of an artist or playlist. */
  readonly title: string
  /** Whose it is; empty for an artist. */
  readonly credits: readonly CreditName[]
  /** The release that a track is on. */
  readonly release?: { readonly id: string; readonly title: string } | undefined
  /** Other names that find it (sort name, former name); never shown. */
  readonly aliases?: readonly string[] | undefined
  /** Year of release. */
  readonly year?: number | undefined
  readonly durationMs?: number | undefined
  /** Opaque, given back with a hit: where its picture is. */
  readonly image?: string | undefined
  /** Plays, or whatever grows with them; any number ≥ 0. Only its size relative to others counts, on a logarithmic scale. */
  readonly popularity: number
  /** Anyone may see it, with no rights. */
  readonly isPublic: boolean
  readonly isLossless: boolean
  /** In the listener's own library; false where there is none. */
  readonly isInLibrary: boolean
}

/** One step of a catalog's history. Putting a document replaces what had its kind and id. */
export type DocumentChange =
  | { readonly change: 'put'; readonly document: SearchDocument }
  | { readonly change: 'remove'; readonly kind: DocumentKind; readonly id: string }
