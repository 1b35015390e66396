import { ServerResponse } from 'node:http'
import type { ProxyOptions } from 'vite'
import { routes } from '../protocol/src/routes.ts'

/**
 * Vite's proxy table: every route of the API goes to the media server, every other path is Vite's.
 * Host and Origin stay as the browser sent them, because the media server compares one with the other.
 */
export const createApiProxy = (target: string): Record<string, ProxyOptions> => {
  const firstSegments = new Set(routes.map(({ path }) => path.split('/')[1] ?? ''))
  const options: ProxyOptions = {
    target,
    changeOrigin: false,
    // While the media server restarts the page must see a broken connection, as it does without a proxy, and no answer of Vite's.
    configure: (proxy) =>
      void proxy.on('error', (_error, _request, response) => {
        if (response instanceof ServerResponse) response.destroy()
      }),
  }
  return Object.fromEntries(
    [...firstSegments].map((segment) => [`^/${segment}(?:[/?]|$)`, { ...options, ws: segment === 'sync' }]),
  )
}
