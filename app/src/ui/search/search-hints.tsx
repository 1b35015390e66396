import { useLocation } from 'wouter'
import type { SearchResult, SearchQuery } from '../../engine/search/search.ts'
import { AppLink } from '../controls/app-link.tsx'
import { searchField } from '../state/search-field.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { isAllCorrected } from './result-text.ts'
import { searchHref } from './search-address.ts'
import css from './search-hints.module.css'

/** The line above the results with the correction and the suggestions. It keeps its height when it is empty. */
export const SearchHints = ({ query, result }: { query: SearchQuery; result: SearchResult | undefined }) => {
  const correction = result?.correction
  return (
    <div className={css['lines']}>
      {result === undefined || correction === undefined || correction === query.text ? undefined : (
        <p className={css['meant']} data-line="row">
          {isAllCorrected(result) ? (
            <>
              Nothing is spelled <bdi>“{query.text}”</bdi>. Showing results for{' '}
            </>
          ) : (
            'Did you mean '
          )}
          <AppLink href={searchHref({ ...query, text: correction })} className={css['correction']} data-line-stop="">
            <bdi>{correction}</bdi>
          </AppLink>
        </p>
      )}
      <Suggestions query={query} />
    </div>
  )
}

const Suggestions = ({ query }: { query: SearchQuery }) => {
  const suggestions = useReadable(useServices().search.suggestions)
  const [, navigate] = useLocation()
  const choose = (text: string) => {
    navigate(searchHref({ ...query, text }))
    searchField()?.focus()
  }
  if (suggestions.length === 0) return undefined
  return (
    <div role="toolbar" aria-label="Suggestions" className={css['suggestions']} data-line="row">
      {suggestions.map(({ text, typed }, index) => (
        <button
          key={text}
          type="button"
          className={css['suggestion']}
          data-line-stop=""
          tabIndex={index === 0 ? 0 : -1}
          onClick={() => choose(text)}
        >
          <bdi>
            {text.slice(0, typed)}
            <b>{text.slice(typed)}</b>
          </bdi>
        </button>
      ))}
    </div>
  )
}
