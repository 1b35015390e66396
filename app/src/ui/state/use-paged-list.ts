import { useEffect, useRef, useState } from 'react'
import { delay } from './delay.ts'
import { shortestWaitMs, whenVisibleAfter } from './follow-answer.ts'
import { createPagedList, type PagedList, type PagedListPlan, type PagedView } from './paged-list.ts'
import { useReadable, useServices } from './services-context.tsx'
import { useUiState } from './ui-state.tsx'

const pageSize = 100
const maxPages = 24
// A page is requested when the scrolling has paused this long.
const restMs = 80

/** A long list of the server for one component. While it is empty it is requested again, so that the first music appears by itself. `fetch` is read once per mount, so give the component a `key` per request. */
export const usePagedList = <T>(fetch: PagedListPlan<T>['fetch']): { list: PagedList<T>; view: PagedView<T> } => {
  const [list] = useState(() =>
    createPagedList<T>({ fetch, rest: (signal) => delay(restMs, signal), pageSize, maxPages }),
  )
  const view = useReadable(list.view)
  useEffect(() => {
    list.show(0, 0)
    return () => list.close()
  }, [list])
  useRefreshWhileEmpty(list, view)
  return { list, view }
}

const useRefreshWhileEmpty = <T>(list: PagedList<T>, view: PagedView<T>): void => {
  const { catalogRound } = useUiState()
  const isOnline = useReadable(useServices().isOnline)
  const wasEmpty = useRef(false)
  useEffect(() => {
    if (view.total !== 0) {
      if (wasEmpty.current) catalogRound.change((count) => count + 1)
      wasEmpty.current = false
      return undefined
    }
    wasEmpty.current = true
    const controller = new AbortController()
    const { signal } = controller
    if (isOnline)
      void whenVisibleAfter(shortestWaitMs, signal).then(() => {
        if (!signal.aborted) list.refresh()
      })
    return () => controller.abort()
  }, [list, view, isOnline, catalogRound])
}
