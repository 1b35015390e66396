import { useEffect, useState } from 'react'
import { delay } from './delay.ts'
import { createPagedList, type PagedList, type PagedListPlan, type PagedView } from './paged-list.ts'
import { useReadable } from './services-context.tsx'

const pageSize = 100
const maxPages = 24
// A page is asked for when the scrolling has rested this long on it.
const restMs = 80

/** A long list of the server for one component; `plan` is made once per mount, so give the component a `key` per question. */
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
