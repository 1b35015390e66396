import { coverSizes } from '@tonestead/protocol/catalog'
import type { Log } from '../../ports/log.ts'

const cacheName = 'tonestead-covers-v1'
const mostCovers = 2_000
/** Counting is slow, so that about one write in this many does it. */
const countEvery = 100

/** A cover never changes under its name, so the cached one is used; without a network also one of another size. */
export const respondWithCover = async (
  { caches, log }: { readonly caches: CacheStorage; readonly log: Log },
  request: Request,
): Promise<Response> => {
  const cache = await caches.open(cacheName)
  const cached = await cache.match(request)
  if (cached !== undefined) return cached
  try {
    const response = await fetch(request)
    if (response.status === 200)
      void store(cache, request, response.clone()).catch(log.failed('a cover was not cached'))
    return response
  } catch (cause) {
    const other = await findOtherSize(cache, request.url)
    if (other === undefined) throw cause
    return other
  }
}

/** The largest cached size of the same picture. */
export const findOtherSize = async (cache: Pick<Cache, 'match'>, url: string): Promise<Response | undefined> => {
  for (const size of coverSizes.toReversed()) {
    const found = await cache.match(url.replace(/\/\d+\.(\w+)$/, `/${size}.$1`))
    if (found !== undefined) return found
  }
  return undefined
}

const store = async (cache: Cache, request: Request, response: Response): Promise<void> => {
  await cache.put(request, response)
  if (Math.random() * countEvery > 1) return
  const all = await cache.keys()
  await Promise.all(all.slice(0, Math.max(0, all.length - mostCovers)).map((old) => cache.delete(old)))
}
