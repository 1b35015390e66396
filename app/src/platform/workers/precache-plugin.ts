import type { WorkboxPlugin } from 'workbox-core/types.js'
import { withoutVariants } from './shell-remainder.ts'

/** Has Workbox store the page as it stands for every request. */
export const keepForEveryRequest: WorkboxPlugin = {
  cacheWillUpdate: ({ response }) => Promise.resolve(response.status === 200 ? withoutVariants(response) : undefined),
}
