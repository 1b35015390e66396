import { useLayoutEffect, useMemo, useRef } from 'react'
import { useSearchParams } from 'wouter'
import { isSameQuery } from '../../engine/search/is-same-query.ts'
import type { SearchResult, SearchQuery, SearchView } from '../../engine/search/search.ts'
import { useMainScroll } from '../state/main-scroll.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { cleanText, parseSearchParams } from './search-address.ts'

/** The text from the search field, the filters from the address. The same object until one of them changes. */
export const useSearchQuery = (): SearchQuery => {
  const [params] = useSearchParams()
  const text = cleanText(useReadable(useUiState().searchText))
  return useMemo(() => ({ ...parseSearchParams(params), text }), [params, text])
}

export type SearchResultState = {
  /** What the page shows; while `isBusy`, the result of an earlier query. */
  readonly result: SearchResult | undefined
  readonly isBusy: boolean
  /** No source is still searching. */
  readonly isSettled: boolean
  readonly failure: Extract<SearchView, { kind: 'failed' }>['failure'] | undefined
  readonly retry: () => void
}

/** Starts a search and returns what to show for it. The result of another query is always marked as busy. */
export const useSearchResult = (query: SearchQuery): SearchResultState => {
  const { search } = useServices()
  const scroller = useMainScroll()
  const view = useReadable(search.view)
  const started = useRef<SearchQuery>(undefined)
  useLayoutEffect(() => {
    const isFirst = started.current === undefined
    if (started.current !== undefined && isSameQuery(started.current, query)) return
    started.current = query
    const before = search.view.get()
    // After going back, the result of this query is still there.
    if (isFirst && before.kind === 'found' && isSameQuery(before.query, query)) return
    // A page that opens shows nothing of an earlier search.
    if (isFirst) search.setQuery({ text: '', filters: {} })
    else scroller.current?.scrollTo(0, 0)
    search.setQuery(query)
  }, [search, query, scroller])
  return { ...stateOf(view, query), retry: () => search.setQuery(query) }
}

const busy = { result: undefined, isBusy: true, isSettled: false, failure: undefined }

const stateOf = (view: SearchView, query: SearchQuery): Omit<SearchResultState, 'retry'> => {
  if (view.kind === 'idle') return busy
  if (view.kind === 'searching') return { ...busy, result: view.last }
  const isCurrent = isSameQuery(view.query, query)
  if (view.kind === 'failed')
    return isCurrent ? { result: undefined, isBusy: false, isSettled: true, failure: view.failure } : busy
  // The device's empty result may be filled by the server's.
  const isEmpty = Object.values(view.result.groups).every((group) => group.hits.length === 0)
  if (isCurrent && isEmpty && !view.isSettled) return busy
  return { result: view.result, isBusy: !isCurrent, isSettled: view.isSettled, failure: undefined }
}
