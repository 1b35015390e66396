import type { WorkboxPlugin } from 'workbox-core/types.js'
import { withoutVariants } from './shell-remainder.ts'

/** Makes Workbox store the page without its Vary and encoding headers, so that it matches every request. */
export const keepForEveryRequest: WorkboxPlugin = {
  cacheWillUpdate: ({ response }) => Promise.resolve(response.status === 200 ? withoutVariants(response) : undefined),
}
