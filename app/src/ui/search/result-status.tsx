import { useEffect, useRef, useState } from 'react'
import { isSameQuery } from '../../engine/search/is-same-query.ts'
import type { SearchQuery } from '../../engine/search/search.ts'
import { delay } from '../state/delay.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { countHits, spokenResult } from './result-text.ts'
import type { SearchResultState } from './use-search-result.ts'
import hidden from '../controls/visually-hidden.module.css'

// A screen reader should not read a number for every keystroke.
const restMs = 700

type ResultStatusProps = {
  query: SearchQuery
  state: Pick<SearchResultState, 'result' | 'isBusy' | 'failure'>
}

/** Announces the number of results when the typing pauses. */
export const ResultStatus = ({ query, state: { result, isBusy, failure } }: ResultStatusProps) => {
  const online = useReadable(useServices().isOnline)
  const [announced, setAnnounced] = useState('')
  const before = useRef<{ query: SearchQuery; hadMore: boolean }>(undefined)
  const message =
    failure !== undefined
      ? 'The search failed.'
      : isBusy || result === undefined
        ? undefined
        : spokenResult(query, result, online)
  const hasMore = result !== undefined && countHits(result, query.kind).isMore
  useEffect(() => {
    if (message === undefined) return
    // Further pages of the same result are not announced.
    if (before.current?.hadMore === true && isSameQuery(before.current.query, query)) return
    const controller = new AbortController()
    void delay(restMs, controller.signal).then(() => {
      if (controller.signal.aborted) return
      before.current = { query, hadMore: hasMore }
      setAnnounced(message)
    })
    return () => controller.abort()
  }, [message, query, hasMore])
  return (
    <p role="status" aria-live="polite" className={hidden['visuallyHidden']}>
      {announced}
    </p>
  )
}
