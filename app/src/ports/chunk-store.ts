import type { ChunkId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'

/**
 * Keeps sealed chunks and manifest tails on this device by id. It may forget, and it may be damaged: whoever reads compares the hash.
 * `put` of an id already kept does nothing and never rejects for want of room: it answers 'full'.
 */
export type ChunkStore = {
  get(id: ChunkId, signal: AbortSignal): Promise<Bytes | undefined>
  has(id: ChunkId): Promise<boolean>
  put(id: ChunkId, chunk: Bytes): Promise<'kept' | 'full'>
  delete(id: ChunkId): Promise<void>
}
