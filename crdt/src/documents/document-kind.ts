import type { DeviceId } from '../ids.ts'

/** The kinds of documents. A collection of an account holds all kinds but `playlist`; each playlist has a document of its own. */
export const documentKinds = ['root', 'library', 'playlist', 'queue', 'playback', 'history', 'settings'] as const
/** One of `documentKinds`. */
export type DocumentKind = (typeof documentKinds)[number]

/**
 * Which document of an account's own collection is meant. Its id is derived from the name alone, so two devices that are offline begin the same document.
 * `month`: of the UTC calendar, `2026-11`.
 */
export type DocumentAddress =
  | { readonly kind: 'root' | 'queue' | 'playback' | 'settings' }
  | { readonly kind: 'library'; readonly shards: number; readonly shard: number }
  | { readonly kind: 'history'; readonly device: DeviceId; readonly month: string }

/** [DC1] The name of a document in an account's own collection: equal for equal addresses, different for different ones. ASCII. */
export const documentName = (address: DocumentAddress): string => {
  switch (address.kind) {
    case 'library':
      return `library/${address.shards}/${address.shard}`
    case 'history':
      return `history/${address.device}/${address.month}`
    default:
      return address.kind
  }
}
