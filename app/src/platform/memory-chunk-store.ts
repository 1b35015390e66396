import type { Bytes } from '@tonestead/protocol/bytes'
import type { ChunkId } from '@tonestead/crdt/ids'
import type { ChunkStore } from '../ports/chunk-store.ts'

/** Chunks until the tab closes: for tests, and where the browser keeps nothing. */
export const createMemoryChunkStore = (): ChunkStore => {
  const chunks = new Map<ChunkId, Bytes>()
  return {
    get: async (id) => chunks.get(id)?.slice(),
    has: async (id) => chunks.has(id),
    put: async (id, chunk) => {
      if (!chunks.has(id)) chunks.set(id, chunk.slice())
      return 'kept'
    },
    delete: async (id) => void chunks.delete(id),
  }
}
