import { useCallback } from 'react'
import { Redirect, useSearchParams } from 'wouter'
import { librarySections, type LibrarySection } from '@tonestead/crdt/library/library-document'
import type { ArtistSummary, ReleaseSummary } from '@tonestead/protocol/catalog'
import { ArtistCard } from '../cards/artist-card.tsx'
import { CardGrid } from '../cards/card-grid.tsx'
import { ReleaseCard } from '../cards/release-card.tsx'
import { CardSkeletons } from '../controls/skeleton.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { usePageTitle } from '../state/use-document-title.ts'
import { useServices } from '../state/services-context.tsx'
import type { PagedList, PagedView } from '../state/paged-list.ts'
import { usePagedList } from '../state/use-paged-list.ts'
import { LibraryPlaylists } from '../playlists/library-playlists.tsx'
import { AnswerNotice } from '../layout/answer-notice.tsx'
import { EmptyLibrary } from './empty-library.tsx'
import { HistoryList } from '../history/history-list.tsx'
import { SavedShelf } from '../saved/saved-shelf.tsx'
import { LibraryTracks, type Sort } from './library-tracks.tsx'
import page from '../layout/page.module.css'
import css from './library-page.module.css'

const parts = [
  ['playlists', 'Playlists'],
  ['releases', 'Releases'],
  ['artists', 'Artists'],
  ['tracks', 'Tracks'],
  ['history', 'History'],
] as const

/** The parts that show the catalog of the server or what the person saved. */
const sections: ReadonlySet<string> = new Set(librarySections)

export const LibraryPage = ({ part }: { part: string }) => {
  usePageTitle('Library')
  const [params, setParams] = useSearchParams()
  const sort: Sort = params.get('sort') === 'recent' ? 'recent' : 'name'
  const isOfShelf = sections.has(part)
  const isSaved = isOfShelf && params.get('shelf') === 'saved'
  if (!parts.some(([name]) => name === part)) return <Redirect to="/library/releases" replace />
  return (
    <div className={page['page']}>
      <div className={page['head']}>
        <h1 className={page['title']}>Library</h1>
        <nav aria-label="Library" className={css['parts']}>
          {parts.map(([name, text]) => (
            <AppLink
              key={name}
              href={`/library/${name}${isSaved && sections.has(name) ? '?shelf=saved' : ''}`}
              className={css['part']}
              aria-current={name === part ? 'page' : undefined}
            >
              {text}
            </AppLink>
          ))}
        </nav>
        {isOfShelf ? <ShelfChoice part={part} isSaved={isSaved} /> : undefined}
        {!isOfShelf || (part === 'artists' && !isSaved) ? undefined : (
          <label className={css['sort']}>
            <span>Sort by</span>
            <select
              value={sort}
              onChange={(event) =>
                setParams(
                  {
                    ...(isSaved ? { shelf: 'saved' } : {}),
                    ...(event.target.value === 'recent' ? { sort: 'recent' } : {}),
                  },
                  { replace: true },
                )
              }
            >
              <option value="name">{part === 'artists' ? 'Name' : 'Title'}</option>
              <option value="recent">{isSaved ? 'Recently saved' : 'Recently added'}</option>
            </select>
          </label>
        )}
      </div>
      {isSaved ? (
        <SavedShelf key={part} section={part as LibrarySection} sort={sort} />
      ) : (
        <OnServer part={part} sort={sort} />
      )}
    </div>
  )
}

const OnServer = ({ part, sort }: { part: string; sort: Sort }) => {
  if (part === 'playlists') return <LibraryPlaylists />
  if (part === 'history') return <HistoryList />
  if (part === 'releases') return <LibraryReleases key={sort} sort={sort} />
  return part === 'artists' ? <LibraryArtists /> : <LibraryTracks key={sort} sort={sort} />
}

/** The catalog of the server, or what this person saved. The address remembers it. */
const ShelfChoice = ({ part, isSaved }: { part: string; isSaved: boolean }) => (
  <nav aria-label="Shelf" className={css['parts']}>
    <AppLink href={`/library/${part}`} className={css['part']} aria-current={isSaved ? undefined : 'page'}>
      On this server
    </AppLink>
    <AppLink href={`/library/${part}?shelf=saved`} className={css['part']} aria-current={isSaved ? 'page' : undefined}>
      Saved
    </AppLink>
  </nav>
)

const LibraryReleases = ({ sort }: { sort: Sort }) => {
  const { library } = useServices()
  const paged = usePagedList<ReleaseSummary>((range, signal) => library.releases({ ...range, sort }, signal))
  return <PagedCards label="Releases" {...paged} draw={(release) => <ReleaseCard release={release} />} />
}

const LibraryArtists = () => {
  const { library } = useServices()
  const paged = usePagedList<ArtistSummary>((range, signal) => library.artists({ ...range, sort: 'name' }, signal))
  return <PagedCards label="Artists" {...paged} draw={(artist) => <ArtistCard artist={artist} />} />
}

type PagedCardsProps<T> = { label: string; list: PagedList<T>; view: PagedView<T>; draw: (item: T) => React.ReactNode }

const PagedCards = <T extends { readonly id: string }>({ label, list, view, draw }: PagedCardsProps<T>) => {
  const keyOf = useCallback((item: T) => item.id, [])
  if (view.failure !== undefined && view.total === undefined)
    return <AnswerNotice failure={view.failure} onRetry={() => list.retry()} />
  if (view.total === undefined) return <CardSkeletons count={18} />
  if (view.total === 0) return <EmptyLibrary />
  return <CardGrid label={label} count={view.total} at={view.at} keyOf={keyOf} draw={draw} onShow={list.show} />
}
