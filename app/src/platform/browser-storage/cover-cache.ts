import { coverSizes } from '@tonestead/protocol/catalog'

const cacheName = 'tonestead-covers-v1'
const mostCovers = 2_000
/** Counting is slow: about one write in so many does it. */
const countEvery = 100

/** Covers are immutable by their name: the kept one is as good as the server's, and without a network in another size too. */
export const respondWithCover = async (caches: CacheStorage, request: Request): Promise<Response> => {
  const cache = await caches.open(cacheName)
  const kept = await cache.match(request)
  if (kept !== undefined) return kept
  try {
    const response = await fetch(request)
    if (response.status === 200) void keep(cache, request, response.clone()).catch(() => undefined)
    return response
  } catch (cause) {
    const other = await findOtherSize(cache, request.url)
    if (other === undefined) throw cause
    return other
  }
}

/** The same picture, the largest that is kept. */
export const findOtherSize = async (cache: Pick<Cache, 'match'>, url: string): Promise<Response | undefined> => {
  for (const size of coverSizes.toReversed()) {
    const found = await cache.match(url.replace(/\/\d+\.(\w+)$/, `/${size}.$1`))
    if (found !== undefined) return found
  }
  return undefined
}

const keep = async (cache: Cache, request: Request, response: Response): Promise<void> => {
  await cache.put(request, response)
  if (Math.random() * countEvery > 1) return
  const all = await cache.keys()
  await Promise.all(all.slice(0, Math.max(0, all.length - mostCovers)).map((old) => cache.delete(old)))
}
