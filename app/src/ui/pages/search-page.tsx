import { useCallback, useEffect, useEffectEvent, useMemo, useRef } from 'react'
import { useLocation } from 'wouter'
import { isOfOtherServer } from '../../engine/search/own/own-hit.ts'
import type { SearchResult, SearchHit, SearchQuery } from '../../engine/search/search.ts'
import { RowSkeletons } from '../controls/skeleton.tsx'
import { FilterChips } from '../search/filter-chips.tsx'
import { hitPath } from '../search/hit-view.ts'
import { NoResults } from '../search/no-results.tsx'
import { RecentSearches } from '../search/recent-searches.tsx'
import { ResultGroups } from '../search/result-groups.tsx'
import { ResultList } from '../search/result-list.tsx'
import { ResultStatus } from '../search/result-status.tsx'
import { countHits, kindNames, rememberedText } from '../search/result-text.ts'
import { SearchedNote } from '../search/searched-note.tsx'
import { SearchFailure } from '../search/search-failure.tsx'
import { SearchHints } from '../search/search-hints.tsx'
import { usePlayHits } from '../search/use-play-hits.ts'
import { focusFirstLine, useResultKeys } from '../search/use-result-keys.ts'
import { useSearchResult, useSearchQuery, type SearchResultState } from '../search/use-search-result.ts'
import { classNames } from '../state/class-names.ts'
import { searchField } from '../state/search-field.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { usePageTitle } from '../state/use-document-title.ts'
import hidden from '../controls/visually-hidden.module.css'
import css from '../search/search-page.module.css'
import page from '../layout/page.module.css'

export const SearchPage = () => {
  const query = useSearchQuery()
  const { text } = query
  const isBlank = text === ''
  usePageTitle(isBlank ? 'Search' : `Search: ${text}`)
  const { searchText } = useUiState()
  useEffect(() => {
    // The field gets the text of an address before this page does.
    if (isBlank && searchText.get() === '') searchField()?.focus()
  }, [isBlank, searchText])
  const state = useSearchResult(query)
  const { play, recordUse } = useHits(query, state.result)
  const area = useRef<HTMLDivElement>(null)
  useEnter({ query, state, play, recordUse, focusFirst: () => focusFirstLine(area) })
  const onKeyDown = useResultKeys(area)
  return (
    <div ref={area} className={classNames(page['page'], css['page'])} onKeyDown={onKeyDown}>
      <h1 className={isBlank ? page['title'] : hidden['visuallyHidden']}>
        {isBlank ? (
          'Search'
        ) : (
          <>
            {query.kind === undefined ? 'Results' : kindNames[query.kind].many} for <bdi>“{text}”</bdi>
          </>
        )}
      </h1>
      {isBlank ? <RecentSearches /> : <Results query={query} state={state} onPlay={play} onUse={recordUse} />}
    </div>
  )
}

type ResultsProps = {
  query: SearchQuery
  state: SearchResultState
  onPlay: (hit: SearchHit) => void
  onUse: (hit: SearchHit) => void
}

const Results = ({ query, state, onPlay, onUse }: ResultsProps) => {
  const { result, isBusy, failure, retry } = state
  return (
    <>
      <FilterChips query={query} result={result} />
      <SearchHints query={query} result={isBusy ? undefined : result} />
      <SearchedNote query={query} result={isBusy ? undefined : result} isSettled={state.isSettled} />
      <div className={css['results']} aria-busy={isBusy} data-has-result={result === undefined ? undefined : ''}>
        {failure === undefined ? undefined : <SearchFailure failure={failure} onRetry={retry} />}
        {failure === undefined && result === undefined ? (
          <div className={css['skeleton']}>
            <RowSkeletons />
          </div>
        ) : undefined}
        {result === undefined ? undefined : <ResultView query={query} result={result} onPlay={onPlay} onUse={onUse} />}
      </div>
      <ResultStatus query={query} state={state} />
    </>
  )
}

const ResultView = ({ query, result, onPlay, onUse }: Omit<ResultsProps, 'state'> & { result: SearchResult }) => {
  if (countHits(result, query.kind).count === 0) return <NoResults query={query} result={result} />
  return query.kind === undefined ? (
    <ResultGroups query={query} result={result} onPlay={onPlay} onUse={onUse} />
  ) : (
    <ResultList key={query.kind} kind={query.kind} result={result} onPlay={onPlay} onUse={onUse} />
  )
}

/** Plays a hit, and records that a hit was played or opened. */
const useHits = (query: SearchQuery, result: SearchResult | undefined) => {
  const { search } = useServices()
  const { text } = query
  const hits = useMemo(() => playableHits(result), [result])
  const recordUse = useCallback(
    (hit: SearchHit) => {
      search.recordUse(hit)
      search.remember(rememberedText(text, hit))
    },
    [search, text],
  )
  return { recordUse, play: usePlayHits(hits, recordUse) }
}

const playableHits = (result: SearchResult | undefined): readonly SearchHit[] => {
  const tracks = result?.groups.track.hits ?? []
  const top = result?.top
  return top?.kind !== 'track' || tracks.some((hit) => hit.id === top.id) ? tracks : [top, ...tracks]
}

type EnterOptions = {
  query: SearchQuery
  state: SearchResultState
  play: (hit: SearchHit) => void
  recordUse: (hit: SearchHit) => void
  focusFirst: () => boolean
}

/** Enter in the search field plays or opens the top result, as soon as the result of exactly this text is there. */
const useEnter = ({ query, state, play, recordUse, focusFirst }: EnterOptions): void => {
  const { searchEntered } = useUiState()
  const entered = useReadable(searchEntered)
  const [, navigate] = useLocation()
  const openTop = useEffectEvent(() => {
    const top = state.result?.top
    if (top === undefined) return void focusFirst()
    if (top.kind === 'track') return void play(top)
    if (isOfOtherServer(top)) return void focusFirst()
    recordUse(top)
    navigate(hitPath(top))
  })
  const isOther = entered !== undefined && entered.text !== query.text
  const isReady = entered !== undefined && !isOther && !state.isBusy
  useEffect(() => {
    if (isOther || isReady) searchEntered.set(undefined)
    if (isReady) openTop()
  }, [isOther, isReady, searchEntered])
}
