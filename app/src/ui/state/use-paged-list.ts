import { useEffect, useState } from 'react'
import { delay } from './delay.ts'
import { createPagedList, type PagedList, type PagedListPlan, type PagedView } from './paged-list.ts'
import { useReadable } from './services-context.tsx'

const pageSize = 100
const maxPages = 24
// A page is requested when the scrolling has paused this long.
const restMs = 80

/** A long list of the server for one component. `fetch` is read once per mount, so give the component a `key` per request. */
export const usePagedList = <T>(fetch: PagedListPlan<T>['fetch']): { list: PagedList<T>; view: PagedView<T> } => {
  const [list] = useState(() =>
    createPagedList<T>({ fetch, rest: (signal) => delay(restMs, signal), pageSize, maxPages }),
  )
  const view = useReadable(list.view)
  useEffect(() => {
    list.show(0, 0)
    return () => list.close()
  }, [list])
  return { list, view }
}
