import { History, Search, X } from 'lucide-react'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import page from '../layout/page.module.css'
import { AppLink } from '../controls/app-link.tsx'
import { searchField } from '../state/search-field.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { searchHref } from './search-address.ts'
import css from './search-page.module.css'

/** The search page without a text: the recent searches, which are stored on this device only. */
export const RecentSearches = () => {
  const { search } = useServices()
  const { toasts } = useUiState()
  const recents = useReadable(search.recents)
  if (recents.length === 0) {
    return (
      <EmptyState picture={<Icon of={Search} size={40} />} title="What would you like to hear">
        Type the beginning of a title, a release or a name. Results appear as you type, and small slips are forgiven.
      </EmptyState>
    )
  }
  const clear = () => {
    search.forgetAll()
    searchField()?.focus()
    toasts.show('Recent searches cleared.', () => recents.toReversed().forEach((text) => search.remember(text)))
  }
  return (
    <section aria-labelledby="recent-searches" className={css['recents']}>
      <div className={page['subhead']}>
        <h2 id="recent-searches" className={page['subtitle']}>
          Recent searches
        </h2>
        <button type="button" className={page['all']} onClick={clear}>
          Clear all
        </button>
      </div>
      <ul>
        {recents.map((text) => (
          <li key={text} className={css['recent']} data-line="row">
            <AppLink href={searchHref({ text, filters: {} })} className={css['recentLink']} data-line-stop="">
              <Icon of={History} size={18} />
              <bdi>{text}</bdi>
            </AppLink>
            <IconButton
              label={`Remove ${text} from recent searches`}
              icon={X}
              look="small"
              data-line-stop=""
              onClick={(event) => {
                // The removed button had the focus: move it within the list.
                const row = event.currentTarget.closest('li')
                const next =
                  (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector('a') ?? searchField()
                next?.focus()
                search.forget(text)
              }}
            />
          </li>
        ))}
      </ul>
      <p className={page['footnote']}>Kept on this device only.</p>
    </section>
  )
}
