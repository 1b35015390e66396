import type { ChunkId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'

/** Keeps immutable objects by the SHA-256 of their bytes: chunks, manifest tails, waveforms, covers, sealed masters. */
export type ObjectStore = {
  /** Durable when it resolves: written aside, synced, renamed. Storing what is there already does nothing. Rejects with a ProblemError `storage-full` when the disk has no room, leaving nothing behind. */
  put(bytes: Bytes, signal: AbortSignal): Promise<ChunkId>
  /** The whole object; undefined when it is not here. */
  get(id: ChunkId, signal: AbortSignal): Promise<Bytes | undefined>
  /** Size in bytes without reading; undefined when it is not here. */
  sizeOf(id: ChunkId, signal: AbortSignal): Promise<number | undefined>
  delete(id: ChunkId, signal: AbortSignal): Promise<void>
  /** Bytes that can still be written. */
  freeBytes(signal: AbortSignal): Promise<number>
}
