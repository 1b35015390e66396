import type { ChunkId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { coverFormats, coverSizes } from '@tonestead/protocol/catalog'

/** Edge length of a square cover, in pixels. */
export type CoverSize = (typeof coverSizes)[number]
/** File format of a cover. */
export type CoverFormat = (typeof coverFormats)[number]
/** Names one picture made from a cover. `id` is the SHA-256 of the original picture's bytes. */
export type CoverFile = { readonly id: ChunkId; readonly size: CoverSize; readonly format: CoverFormat }

/** What a check finds. `unmarked`: a version without hashes has stored it, so it cannot be told whether its bytes have changed; `put` with the same bytes marks it. */
export type CoverState = 'sound' | 'missing' | 'damaged' | 'unmarked'

/** Stores the pictures made from covers, each with the hash of its bytes. They never change. Methods may be called concurrently, also from several processes. */
export type CoverStore = {
  /** Durable when it resolves; does nothing when the file exists with these bytes; one with other bytes is replaced. Rejects with the problem `storage-full` when the disk is full. */
  put(file: CoverFile, bytes: Bytes): Promise<void>
  /** Undefined when there is no such file, or its bytes are not those that were put. */
  get(file: CoverFile): Promise<Bytes | undefined>
  /** Reads the file and compares its hash. */
  check(file: CoverFile): Promise<CoverState>
}
