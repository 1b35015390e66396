// The documents of the index. It does not depend on the catalog: ids and pictures are text that it only gives back.

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
  /** Other names by which it is found (sort name, former name); never shown. */
  readonly aliases?: readonly string[] | undefined
  /** Year of release. */
  readonly year?: number | undefined
  readonly durationMs?: number | undefined
  /** Where its picture is: opaque text, given back with a hit. */
  readonly image?: string | undefined
  /** Number of plays, or something proportional; any number ≥ 0. It counts on a logarithmic scale [SR6]. */
  readonly popularity: number
  /** Visible to everyone, without rights. */
  readonly isPublic: boolean
  readonly isLossless: boolean
  /** In the listener's own library; false if there is no library. */
  readonly isInLibrary: boolean
}

/** One change of the catalog. `put` replaces the document with the same kind and id. */
export type DocumentChange =
  | { readonly change: 'put'; readonly document: SearchDocument }
  | { readonly change: 'remove'; readonly kind: DocumentKind; readonly id: string }
