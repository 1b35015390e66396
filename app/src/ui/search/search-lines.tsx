import { useLocation } from 'wouter'
import type { Found, SearchQuestion } from '../../engine/search/search.ts'
import { AppLink } from '../controls/app-link.tsx'
import { searchBoxId } from '../shell/search-box.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { isAllCorrected } from './found-text.ts'
import { addressOf } from './search-address.ts'
import css from './search-lines.module.css'

/** One quiet line over the results: what may have been meant, and ways to go on typing. It keeps its height when it is empty. */
export const SearchLines = ({ question, found }: { question: SearchQuestion; found: Found | undefined }) => {
  const correction = found?.correction
  return (
    <div className={css['lines']}>
      {found === undefined || correction === undefined || correction === question.text ? undefined : (
        <p className={css['meant']} data-line="row">
          {isAllCorrected(found) ? (
            <>
              Nothing is spelled <bdi>“{question.text}”</bdi>. Showing results for{' '}
            </>
          ) : (
            'Did you mean '
          )}
          <AppLink href={addressOf({ ...question, text: correction })} className={css['correction']} data-line-stop="">
            <bdi>{correction}</bdi>
          </AppLink>
        </p>
      )}
      <Suggestions question={question} />
    </div>
  )
}

const Suggestions = ({ question }: { question: SearchQuestion }) => {
  const suggestions = useReadable(useServices().search.suggestions)
  const [, navigate] = useLocation()
  const choose = (text: string) => {
    navigate(addressOf({ ...question, text }))
    document.getElementById(searchBoxId)?.focus()
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
