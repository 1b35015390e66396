/** An entry of the list of app files that the build writes into the worker. */
export type ShellFile = { readonly url: string; readonly revision: string | null }

/** The files of the app except for the page itself: cached when they are requested, and all of them when nobody waits for the network. */
export type ShellRemainder = {
  has(path: string): boolean
  respond(path: string): Promise<Response>
  /** Caches every file that is not cached yet. Rejects when one cannot be fetched; the others stay cached. */
  keepAll(): Promise<void>
  /** Deletes the files of other versions. */
  clean(): Promise<void>
}

const cacheName = 'tonestead-shell-v1'
/** Few at a time and with low priority: somebody may be listening on a slow connection. */
const atATime = 2

/**
 * Workbox fetches its whole list, one file after the other, before a first worker may control the page: two seconds and more on a good connection, in
 * which nothing can play. So its list has only the page, and these files are cached after playback started.
 */
export const createShellRemainder = (caches: CacheStorage, files: readonly ShellFile[]): ShellRemainder => {
  const keys = new Map(
    files.map(({ url, revision }) => [`/${url}`, revision === null ? `/${url}` : `/${url}?revision=${revision}`]),
  )

  const fetchKept = async (cache: Cache, key: string, priority: RequestPriority = 'auto'): Promise<Response> => {
    const response = await fetch(key, { credentials: 'same-origin', priority })
    if (response.status === 200) await cache.put(key, withoutVariants(response.clone()))
    return response
  }

  const keepAll = async (): Promise<void> => {
    const cache = await caches.open(cacheName)
    const waiting = [...keys.values()]
    const work = async (): Promise<void> => {
      for (let key = waiting.shift(); key !== undefined; key = waiting.shift())
        if ((await cache.match(key)) === undefined) await fetchKept(cache, key, 'low')
    }
    await Promise.all(Array.from({ length: atATime }, work))
  }

  return {
    has: (path) => keys.has(path),
    respond: async (path) => {
      const [cache, key] = [await caches.open(cacheName), keys.get(path) ?? path]
      return (await cache.match(key)) ?? fetchKept(cache, key)
    },
    keepAll,
    clean: async () => {
      const [cache, current] = [await caches.open(cacheName), new Set(keys.values())]
      for (const request of await cache.keys()) {
        const { pathname, search } = new URL(request.url)
        if (!current.has(pathname + search)) await cache.delete(request)
      }
    },
  }
}

/** The server varies by Accept and Accept-Encoding. Cache Storage holds files decoded, and they must match every request. */
export const withoutVariants = (response: Response): Response => {
  const headers = new Headers(response.headers)
  for (const name of ['vary', 'content-encoding', 'content-length']) headers.delete(name)
  return new Response(response.body, { headers })
}
