import type { Bytes } from '@tonestead/protocol/bytes'
import type { ChunkId } from '@tonestead/crdt/ids'
import type { ChunkStore } from '../../ports/chunk-store.ts'

/** Chunks in memory, for tests. */
export const createMemoryChunkStore = (): ChunkStore => {
  const chunks = new Map<ChunkId, Bytes>()
  return {
    get: (id) => Promise.resolve(chunks.get(id)?.slice()),
    has: (id) => Promise.resolve(chunks.has(id)),
    put: (id, chunk) => {
      if (!chunks.has(id)) chunks.set(id, chunk.slice())
      return Promise.resolve('stored')
    },
    delete: (id) => {
      chunks.delete(id)
      return Promise.resolve()
    },
  }
}
