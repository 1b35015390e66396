import type { Bytes } from '@tonestead/protocol/bytes'

/** Files with search indexes, one a name. A copy that may always be thrown away: the catalog is what counts. */
export type IndexSnapshots = {
  read(name: string): Promise<Bytes | undefined>
  /** There whole or not at all. The parts one after the other are the file. */
  write(name: string, parts: readonly Uint8Array[]): Promise<void>
  /** Removes what broken writes left. For a moment when nobody writes. */
  sweep(): Promise<void>
}
