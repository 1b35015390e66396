import { parseChunkId } from '@tonestead/crdt/ids'
import { coverFormats, coverSizes } from '@tonestead/protocol/catalog'
import type { ObjectStore } from '../ports/object-store.ts'
import { createBufferCache } from './buffer-cache.ts'
import { createImmutableHandler } from './immutable-handler.ts'
import type { Metrics } from './metrics.ts'

const chunkCacheBytes = 256 * 1024 * 1024
const coverCacheBytes = 64 * 1024 * 1024
/** Players that go by extensions (ffmpeg for one) are given the same chunk under a name that ends in .m4s. */
const chunkPath = /^\/chunks\/([0-9a-f]{64})(?:\.m4s)?$/
const coverPath = new RegExp(`^/covers/([0-9a-f]{64})/(${coverSizes.join('|')})\\.(${coverFormats.join('|')})$`)

const whole = new AbortController().signal

export const createChunkHandler = (objects: ObjectStore, metrics: Metrics) =>
  createImmutableHandler({
    keyOf: (path) => chunkPath.exec(path)?.[1],
    contentTypeOf: () => 'application/octet-stream',
    cache: createBufferCache(chunkCacheBytes, (id) => objects.get(parseChunkId(id), whole)),
    missing: 'chunk-not-found',
    onSent: metrics.chunkSent,
  })

/** `read` gets the path below /covers/: `<id>/<size>.<format>`. */
export const createCoverHandler = (
  read: (cover: { id: string; size: number; format: string }) => Promise<Uint8Array | undefined>,
  metrics: Metrics,
) =>
  createImmutableHandler({
    keyOf: (path) => (coverPath.test(path) ? path : undefined),
    contentTypeOf: (path) => (path.endsWith('.webp') ? 'image/webp' : 'image/jpeg'),
    cache: createBufferCache(coverCacheBytes, (path) => {
      const [, id = '', size, format = ''] = coverPath.exec(path) ?? []
      return read({ id, size: Number(size), format })
    }),
    missing: 'cover-not-found',
    onSent: metrics.coverSent,
  })
