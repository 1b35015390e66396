import type { PeerTrack } from '../catalog-files.ts'

/** Another search engine. Tracks and queries come folded: lower case, no diacritics, no punctuation. */
export type PeerEngine = {
  /** The ids of the ten best tracks, the best first. */
  search(text: string): readonly number[] | Promise<readonly number[]>
  /** Bytes of the index; undefined where the engine does not report it. */
  indexBytes(): number | undefined | Promise<number | undefined>
  close(): void | Promise<void>
}
export type PeerContext = {
  readonly tracks: Iterable<PeerTrack>
  /** Folder of the Unix socket of a PostgreSQL cluster. */
  readonly socket: string | undefined
}
