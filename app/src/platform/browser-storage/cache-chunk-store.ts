import type { ChunkId } from '@tonestead/crdt/ids'
import type { ChunkStore } from '../../ports/chunk-store.ts'
import type { Log } from '../../ports/log.ts'

const cacheName = 'tonestead-chunks-v1'
/** About 1 GB at 256 kbit/s. The browser may evict it at any time. */
const mostChunks = 10_000
/** Counting is slow, so it is done once in this many writes. */
const countEvery = 200

const pathOf = (id: ChunkId): string => `/chunks/${id}`

/** Chunks in Cache Storage. Beyond the limit the oldest are deleted. */
export const createCacheChunkStore = (caches: CacheStorage, log: Log): ChunkStore => {
  let opened: Promise<Cache> | undefined
  let writes = 0
  const cache = (): Promise<Cache> => (opened ??= caches.open(cacheName))

  const trim = async (limit: number): Promise<void> => {
    const requests = await (await cache()).keys()
    for (const request of requests.slice(0, Math.max(0, requests.length - limit))) await (await cache()).delete(request)
  }

  return {
    get: async (id) => {
      const response = await (await cache()).match(pathOf(id))
      return response === undefined ? undefined : new Uint8Array(await response.arrayBuffer())
    },
    has: async (id) => (await (await cache()).match(pathOf(id))) !== undefined,
    put: async (id, chunk) => {
      try {
        await (
          await cache()
        ).put(pathOf(id), new Response(chunk, { headers: { 'content-type': 'application/octet-stream' } }))
        writes += 1
        if (writes % countEvery === 0) await trim(mostChunks)
        return 'stored'
      } catch (cause) {
        log.failed('a chunk was not cached; half of the cache is deleted')(cause)
        await trim(mostChunks / 2).catch(log.failed('the chunk cache was not trimmed'))
        return 'full'
      }
    },
    delete: async (id) => void (await (await cache()).delete(pathOf(id))),
  }
}
