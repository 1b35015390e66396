import { parseChunkId } from '@tonestead/crdt/ids'
import { coverFormats, coverSizes } from '@tonestead/protocol/catalog'
import type { ProblemCode } from '@tonestead/protocol/problem'
import type { ObjectStore } from '../ports/object-store.ts'
import { createBufferCache } from './buffer-cache.ts'
import { createImmutableHandler } from './immutable-handler.ts'
import type { Metrics } from './metrics.ts'

const chunkCacheBytes = 256 * 1024 * 1024
const coverCacheBytes = 64 * 1024 * 1024
/** A chunk also has a name that ends in .m4s, for players that look at the extension (such as ffmpeg). */
const chunkPath = /^\/chunks\/([0-9a-f]{64})(?:\.m4s)?$/
const coverPath = new RegExp(`^/covers/([0-9a-f]{64})/(${coverSizes.join('|')})\\.(${coverFormats.join('|')})$`)

/** A read is shared by several requests, so no single one may abort it. */
const never = new AbortController().signal

const countRefusals =
  (metrics: Metrics): ((code: ProblemCode) => void) =>
  (code) => {
    metrics.refused.inc({ reason: code, class: 'file' })
  }

type Handling = { readonly metrics: Metrics; readonly onError: (error: unknown) => void }

export const createChunkHandler = ({ objects, metrics, onError }: Handling & { readonly objects: ObjectStore }) =>
  createImmutableHandler({
    keyOf: (path) => chunkPath.exec(path)?.[1],
    contentTypeOf: () => 'application/octet-stream',
    cache: createBufferCache(chunkCacheBytes, (id) => objects.get(parseChunkId(id), never)),
    missing: 'chunk-not-found',
    onSent: metrics.chunkSent,
    onRefused: countRefusals(metrics),
    onError,
  })

type CoverReader = (cover: { id: string; size: number; format: string }) => Promise<Uint8Array | undefined>

/** Serves /covers/<id>/<size>.<format>. */
export const createCoverHandler = ({ read, metrics, onError }: Handling & { readonly read: CoverReader }) =>
  createImmutableHandler({
    keyOf: (path) => (coverPath.test(path) ? path : undefined),
    contentTypeOf: (path) => (path.endsWith('.webp') ? 'image/webp' : 'image/jpeg'),
    cache: createBufferCache(coverCacheBytes, (path) => {
      const [, id = '', size, format = ''] = coverPath.exec(path) ?? []
      return read({ id, size: Number(size), format })
    }),
    missing: 'cover-not-found',
    onSent: metrics.coverSent,
    onRefused: countRefusals(metrics),
    onError,
  })
