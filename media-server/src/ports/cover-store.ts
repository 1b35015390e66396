import type { ChunkId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { coverFormats, coverSizes } from '@tonestead/protocol/catalog'

export type CoverSize = (typeof coverSizes)[number]
export type CoverFormat = (typeof coverFormats)[number]
export type CoverFile = { readonly id: ChunkId; readonly size: CoverSize; readonly format: CoverFormat }

/** Pictures made from a cover, by the SHA-256 of the original picture's bytes. Durable when `put` resolves; putting one that is there does nothing. */
export type CoverStore = {
  put(file: CoverFile, bytes: Bytes): Promise<void>
  get(file: CoverFile): Promise<Bytes | undefined>
}
