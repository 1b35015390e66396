import { useLayoutEffect, useMemo, useRef } from 'react'
import { useSearchParams } from 'wouter'
import type { Found, SearchQuestion, SearchView } from '../../engine/search/search.ts'
import { useMainScroll } from '../state/main-scroll.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { addressOf, cleanText, questionOf } from './search-address.ts'

/** What is asked: the text as it stands in the field, the chips as they stand in the address. */
export const useSearchQuestion = (): SearchQuestion => {
  const [params] = useSearchParams()
  const text = cleanText(useReadable(useUiState().searchText))
  return useMemo(() => ({ ...questionOf(params), text }), [params, text])
}

export type ShownAnswer = {
  /** What stands on the page: while `isBusy`, of the question before. */
  readonly found: Found | undefined
  readonly isBusy: boolean
  readonly failure: Extract<SearchView, { kind: 'failed' }>['failure'] | undefined
  readonly askAgain: () => void
}

/** Asks, and answers with what to show for it: never an answer to something else as if it were the answer. */
export const useSearchAnswer = (question: SearchQuestion): ShownAnswer => {
  const { search } = useServices()
  const scroller = useMainScroll()
  const view = useReadable(search.view)
  const name = addressOf(question)
  const isFirst = useRef(true)
  useLayoutEffect(() => {
    const before = search.view.get()
    const isBack = isFirst.current && before.kind === 'found' && addressOf(before.question) === name
    // A page opened anew begins with nothing on it.
    if (isFirst.current && !isBack) search.ask({ text: '', filters: {} })
    // Other results begin at their beginning.
    if (!isFirst.current) scroller.current?.scrollTo(0, 0)
    isFirst.current = false
    if (!isBack) search.ask(questionOf(new URLSearchParams(name.split('?')[1])))
  }, [search, name, scroller])
  return { ...shownOf(view, name), askAgain: () => search.ask(question) }
}

const shownOf = (view: SearchView, name: string): Omit<ShownAnswer, 'askAgain'> => {
  const isMine = view.kind !== 'idle' && addressOf(view.question) === name
  switch (view.kind) {
    case 'idle':
      return { found: undefined, isBusy: true, failure: undefined }
    case 'searching':
      return { found: view.last, isBusy: true, failure: undefined }
    case 'failed':
      return isMine
        ? { found: undefined, isBusy: false, failure: view.failure }
        : { found: undefined, isBusy: true, failure: undefined }
    case 'found': {
      // An empty answer of the device may fill up when the server's comes.
      const isEmpty = Object.values(view.found.groups).every((group) => group.hits.length === 0)
      return isMine && isEmpty && !view.isSettled
        ? { found: undefined, isBusy: true, failure: undefined }
        : { found: view.found, isBusy: !isMine, failure: undefined }
    }
  }
}
