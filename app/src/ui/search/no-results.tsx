import { SearchX } from 'lucide-react'
import type { SearchResult, SearchQuery } from '../../engine/search/search.ts'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { fewerWords, kindNames } from './result-text.ts'
import { searchHref, isFiltered } from './search-address.ts'
import css from './search-page.module.css'

/** Says that nothing was found, and offers a search without filters, with fewer words, or an upload. */
export const NoResults = ({ query, result }: { query: SearchQuery; result: SearchResult }) => {
  const account = useReadable(useServices().account.view)
  const mayUpload = account.kind === 'ready' && account.rights.includes('upload')
  const hasFilters = isFiltered(query)
  const what = query.kind === undefined ? 'Nothing' : `No ${kindNames[query.kind].many.toLowerCase()}`
  return (
    <EmptyState
      picture={<Icon of={SearchX} size={40} />}
      title={hasFilters ? `${what} found with these filters` : 'Nothing found'}
      actions={
        <>
          {hasFilters ? (
            <ActionLink href={searchHref({ text: query.text, filters: {} })} text="Remove filters" isFirst />
          ) : undefined}
          {fewerWords(query.text).map((text) => (
            <ActionLink
              key={text}
              href={searchHref({ ...query, text })}
              text={
                <>
                  Search for <bdi>“{text}”</bdi>
                </>
              }
            />
          ))}
          {mayUpload ? <ActionLink href="/upload" text="Upload it" /> : undefined}
        </>
      }
    >
      Check the spelling{query.text.includes(' ') ? ', or try fewer words' : ', or type only the beginning'}.{' '}
      {searchedText(query, result)}
    </EmptyState>
  )
}

const searchedText = ({ filters }: SearchQuery, { from }: SearchResult): string => {
  if (filters.isInLibrary === true) return 'Only your playlists and what you saved were searched.'
  return from === 'device' ? 'Only what this device knows was searched.' : 'Only what is in this library is searched.'
}

const ActionLink = ({ href, text, isFirst = false }: { href: string; text: React.ReactNode; isFirst?: boolean }) => (
  <span data-line="row">
    <AppLink href={href} className={css['action']} data-first={isFirst ? '' : undefined} data-line-stop="">
      <span>{text}</span>
    </AppLink>
  </span>
)
