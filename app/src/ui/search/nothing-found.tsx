import { SearchX } from 'lucide-react'
import type { Found, SearchQuestion } from '../../engine/search/search.ts'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { fewerWords, kindNames } from './found-text.ts'
import { addressOf, isFiltered } from './search-address.ts'
import css from './search-page.module.css'

/** Says so, and offers each way on that there is. */
export const NothingFound = ({ question, found }: { question: SearchQuestion; found: Found }) => {
  const account = useReadable(useServices().account.view)
  const mayUpload = account.kind === 'ready' && account.rights.includes('upload')
  const hasFilters = isFiltered(question)
  const what = question.kind === undefined ? 'Nothing' : `No ${kindNames[question.kind].many.toLowerCase()}`
  return (
    <EmptyState
      picture={<Icon of={SearchX} size={40} />}
      title={hasFilters ? `${what} found with these filters` : 'Nothing found'}
      actions={
        <>
          {hasFilters ? (
            <WayOn href={addressOf({ text: question.text, filters: {} })} text="Remove filters" isFirst />
          ) : undefined}
          {fewerWords(question.text).map((text) => (
            <WayOn
              key={text}
              href={addressOf({ ...question, text })}
              text={
                <>
                  Search for <bdi>“{text}”</bdi>
                </>
              }
            />
          ))}
          {mayUpload ? <WayOn href="/upload" text="Upload it" /> : undefined}
        </>
      }
    >
      Check the spelling{question.text.includes(' ') ? ', or try fewer words' : ', or type only the beginning'}.{' '}
      {found.from === 'device'
        ? 'Only what this device knows was searched.'
        : 'Only what is in this library is searched.'}
    </EmptyState>
  )
}

const WayOn = ({ href, text, isFirst = false }: { href: string; text: React.ReactNode; isFirst?: boolean }) => (
  <span data-line="row">
    <AppLink href={href} className={css['way']} data-first={isFirst ? '' : undefined} data-line-stop="">
      <span>{text}</span>
    </AppLink>
  </span>
)
