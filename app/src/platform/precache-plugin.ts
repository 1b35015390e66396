import type { WorkboxPlugin } from 'workbox-core/types.js'

/**
 * Stores shell files as they stand for every request: the server varies them by Accept and Accept-Encoding, and Cache Storage, which keeps them decoded,
 * would find a file again only for a request with the same headers as the one that fetched it.
 */
export const keepForEveryRequest: WorkboxPlugin = {
  cacheWillUpdate: ({ response }) => {
    if (response.status !== 200) return Promise.resolve(undefined)
    const headers = new Headers(response.headers)
    for (const name of ['vary', 'content-encoding', 'content-length']) headers.delete(name)
    return Promise.resolve(new Response(response.body, { headers }))
  },
}
