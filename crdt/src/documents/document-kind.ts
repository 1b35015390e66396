import type { DeviceId, EntryId } from '../ids.ts'

/** The kinds of documents. Each playlist has a document of its own, in the collection of an account or of the people who share it. */
export const documentKinds = ['root', 'library', 'playlist', 'queue', 'playback', 'history', 'settings'] as const
/** One of `documentKinds`. */
export type DocumentKind = (typeof documentKinds)[number]

/**
 * Which document of a collection is meant. Its id is derived from the collection and the name, so two devices that are offline begin the same document.
 * `id`: random, made with the playlist. `month`: of the UTC calendar, `2026-11`.
 */
export type DocumentAddress =
  | { readonly kind: 'root' | 'queue' | 'playback' | 'settings' }
  | { readonly kind: 'playlist'; readonly id: EntryId }
  | { readonly kind: 'library'; readonly shards: number; readonly shard: number }
  | { readonly kind: 'history'; readonly device: DeviceId; readonly month: string }

/** [DC1] The name of a document in its collection. It begins with the kind. Equal for equal addresses, different for different ones. ASCII. */
export const documentName = (address: DocumentAddress): string => {
  switch (address.kind) {
    case 'playlist':
      return `playlist/${address.id}`
    case 'library':
      return `library/${address.shards}/${address.shard}`
    case 'history':
      return `history/${address.device}/${address.month}`
    default:
      return address.kind
  }
}
