import { MonitorSmartphone } from 'lucide-react'
import { useCallback, useEffect, useEffectEvent, useMemo, useRef } from 'react'
import { useLocation } from 'wouter'
import type { Found, SearchHit, SearchQuestion } from '../../engine/search/search.ts'
import { Icon } from '../controls/icon.tsx'
import { RowBones } from '../controls/skeleton.tsx'
import { FilterChips } from '../search/filter-chips.tsx'
import { FoundGroups } from '../search/found-groups.tsx'
import { FoundKind } from '../search/found-kind.tsx'
import { countFound, kindNames, rememberedText } from '../search/found-text.ts'
import { hitPath } from '../search/hit-view.ts'
import { NothingFound } from '../search/nothing-found.tsx'
import { RecentSearches } from '../search/recent-searches.tsx'
import { ResultStatus } from '../search/result-status.tsx'
import { SearchFailure } from '../search/search-failure.tsx'
import { SearchLines } from '../search/search-lines.tsx'
import { usePlayHits } from '../search/use-play-hits.ts'
import { focusFirstLine, useResultKeys } from '../search/use-result-keys.ts'
import { useSearchAnswer, useSearchQuestion, type ShownAnswer } from '../search/use-search-answer.ts'
import { searchBoxId } from '../shell/search-box.tsx'
import { usePageTitle } from '../state/use-document-title.ts'
import { classNames } from '../state/class-names.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import css from '../search/search-page.module.css'
import page from '../layout/page.module.css'

export const SearchPage = () => {
  const question = useSearchQuestion()
  const { text } = question
  const isBlank = text === ''
  usePageTitle(isBlank ? 'Search' : `Search: ${text}`)
  const { searchText } = useUiState()
  useEffect(() => {
    // The field knows sooner than this page what came by the address.
    if (isBlank && searchText.get() === '') document.getElementById(searchBoxId)?.focus()
  }, [isBlank, searchText])
  const answer = useSearchAnswer(question)
  const { play, use } = useHits(question, answer.found)
  const area = useRef<HTMLDivElement>(null)
  useEnter({ question, answer, play, use, focusFirst: () => focusFirstLine(area) })
  const press = useResultKeys(area)
  return (
    <div ref={area} className={classNames(page['page'], css['page'])} onKeyDown={press}>
      <h1 className={isBlank ? page['title'] : css['spoken']}>
        {isBlank ? (
          'Search'
        ) : (
          <>
            {question.kind === undefined ? 'Results' : kindNames[question.kind].many} for <bdi>“{text}”</bdi>
          </>
        )}
      </h1>
      {isBlank ? <RecentSearches /> : <Results question={question} answer={answer} onPlay={play} onUse={use} />}
    </div>
  )
}

type ResultsProps = {
  question: SearchQuestion
  answer: ShownAnswer
  onPlay: (hit: SearchHit) => void
  onUse: (hit: SearchHit) => void
}

const Results = ({ question, answer, onPlay, onUse }: ResultsProps) => {
  const { found, isBusy, failure, askAgain } = answer
  return (
    <>
      <FilterChips question={question} found={found} />
      <SearchLines question={question} found={isBusy ? undefined : found} />
      <WhereSearched found={found} />
      <div className={css['results']} aria-busy={isBusy} data-kept={found === undefined ? undefined : ''}>
        {failure === undefined ? undefined : <SearchFailure failure={failure} onRetry={askAgain} />}
        {failure === undefined && found === undefined ? (
          <div className={css['bones']}>
            <RowBones />
          </div>
        ) : undefined}
        {found === undefined ? undefined : (
          <FoundView question={question} found={found} onPlay={onPlay} onUse={onUse} />
        )}
      </div>
      <ResultStatus question={question} answer={answer} />
    </>
  )
}

const FoundView = ({ question, found, onPlay, onUse }: Omit<ResultsProps, 'answer'> & { found: Found }) => {
  if (countFound(found, question.kind).count === 0) return <NothingFound question={question} found={found} />
  return question.kind === undefined ? (
    <FoundGroups question={question} found={found} onPlay={onPlay} onUse={onUse} />
  ) : (
    <FoundKind key={question.kind} kind={question.kind} found={found} onPlay={onPlay} onUse={onUse} />
  )
}

const WhereSearched = ({ found }: { found: Found | undefined }) => {
  const { search, isOnline } = useServices()
  const index = useReadable(search.deviceIndex)
  const online = useReadable(isOnline)
  if (found?.from !== 'device' || online) return undefined
  return (
    <p className={css['where']}>
      <Icon of={MonitorSmartphone} size={16} />
      {index.kind === 'ready' && index.scope === 'touched'
        ? 'Searching what was opened or played on this device'
        : 'Searching on this device'}
    </p>
  )
}

/** The tracks that can be played from here, and what is remembered when something is played or opened. */
const useHits = (question: SearchQuestion, found: Found | undefined) => {
  const { search } = useServices()
  const { text } = question
  const hits = useMemo(() => playable(found), [found])
  const use = useCallback(
    (hit: SearchHit) => {
      search.touch(hit)
      search.remember(rememberedText(text, hit))
    },
    [search, text],
  )
  return { use, play: usePlayHits(hits, use) }
}

const playable = (found: Found | undefined): readonly SearchHit[] => {
  const tracks = found?.groups.track.hits ?? []
  const top = found?.top
  return top?.kind !== 'track' || tracks.some((hit) => hit.id === top.id) ? tracks : [top, ...tracks]
}

type EnterParts = {
  question: SearchQuestion
  answer: ShownAnswer
  play: (hit: SearchHit) => void
  use: (hit: SearchHit) => void
  focusFirst: () => boolean
}

/** Enter in the field: plays the top result or opens it, as soon as there is one for exactly this text. */
const useEnter = ({ question, answer, play, use, focusFirst }: EnterParts): void => {
  const { searchEntered } = useUiState()
  const entered = useReadable(searchEntered)
  const [, navigate] = useLocation()
  const act = useEffectEvent(() => {
    const top = answer.found?.top
    if (top === undefined) return void focusFirst()
    if (top.kind === 'track') return void play(top)
    use(top)
    navigate(hitPath(top))
  })
  const isOther = entered !== undefined && entered.text !== question.text
  const isReady = entered !== undefined && !isOther && !answer.isBusy
  useEffect(() => {
    if (isOther || isReady) searchEntered.set(undefined)
    if (isReady) act()
  }, [isOther, isReady, searchEntered])
}
