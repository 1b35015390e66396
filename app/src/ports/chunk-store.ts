import type { ChunkId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'

/**
 * The cache of sealed chunks and manifest tails on this device, by id. It may lose or damage entries: readers compare the hash.
 * `put` of a cached id does nothing. When storage is full it does not reject, but resolves to 'full'.
 */
export type ChunkStore = {
  get(id: ChunkId, signal: AbortSignal): Promise<Bytes | undefined>
  has(id: ChunkId): Promise<boolean>
  put(id: ChunkId, chunk: Bytes): Promise<'stored' | 'full'>
  delete(id: ChunkId): Promise<void>
}
