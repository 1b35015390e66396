import type { ChunkId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'

/**
 * Stores immutable objects under the SHA-256 of their bytes: chunks, manifest tails, waveforms, parts of masters.
 * Methods may be called concurrently, also from several processes. They reject when the disk fails, or when the signal aborts.
 */
export type ObjectStore = {
  /** Durable when it resolves. Does nothing when the object is there with these bytes; one that is truncated or altered is replaced. Rejects with the problem `storage-full` when the disk is full, and leaves nothing behind then. */
  put(bytes: Bytes, signal: AbortSignal): Promise<ChunkId>
  /** The whole object; undefined when it does not exist. Rejects with the problem `chunk-damaged` when its bytes do not have its hash. */
  get(id: ChunkId, signal: AbortSignal): Promise<Bytes | undefined>
  /** Size in bytes, without reading the object; undefined when it does not exist. */
  sizeOf(id: ChunkId, signal: AbortSignal): Promise<number | undefined>
  /** Reads the object and compares its hash. */
  check(id: ChunkId, signal: AbortSignal): Promise<'sound' | 'missing' | 'damaged'>
  /** Takes an object away without deleting its bytes, because they are damaged: from now on it does not exist. Does nothing when it does not exist. */
  setAside(id: ChunkId, signal: AbortSignal): Promise<void>
  /** Does nothing when the object does not exist. */
  delete(id: ChunkId, signal: AbortSignal): Promise<void>
  /** Bytes that can still be written. */
  freeBytes(signal: AbortSignal): Promise<number>
}
