import type { Bytes } from '@tonestead/protocol/bytes'

/**
 * Stores the files of search indexes by name. They are copies that may be deleted at any time: the catalog is the truth.
 * Several threads may read; one writes a name at a time. Methods reject when the disk fails.
 */
export type IndexSnapshots = {
  /** The whole file; undefined when there is none. */
  read(name: string): Promise<Bytes | undefined>
  /** Writes the parts one after the other as one file, atomically: readers see the old file or the new one. Durable when it resolves. */
  write(name: string, parts: readonly Uint8Array[]): Promise<void>
  /** Removes every file but those with current names: what interrupted writes and older versions left. Call it only while nobody writes. */
  sweep(currentNames: readonly string[]): Promise<void>
}
