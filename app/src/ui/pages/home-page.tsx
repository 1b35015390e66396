import type { Page, ReleaseSummary } from '@tonestead/protocol/catalog'
import { useState } from 'react'
import { ArtistCard } from '../cards/artist-card.tsx'
import { ReleaseCard } from '../cards/release-card.tsx'
import { Shelf } from '../cards/shelf.tsx'
import { CardSkeletons, HeroSkeleton } from '../controls/skeleton.tsx'
import { usePageTitle } from '../state/use-document-title.ts'
import { usePlayerView, useReadable, useServices } from '../state/services-context.tsx'
import { useAnswer } from '../state/use-answer.ts'
import { AnswerNotice } from '../layout/answer-notice.tsx'
import { EmptyLibrary } from './empty-library.tsx'
import { ClaimCard, ImportTeaser, ListenNow, PickUp, VisitorHint } from './home-cards.tsx'
import page from '../layout/page.module.css'
import hidden from '../controls/visually-hidden.module.css'
import css from './home-page.module.css'

/** Also while nothing changes; music of an import appears sooner. */
const longestWaitMs = ({ total }: Page<ReleaseSummary>): number => (total === 0 ? 2_000 : 30_000)

export const HomePage = () => {
  usePageTitle(undefined)
  const { library, account } = useServices()
  const view = useReadable(account.view)
  const { queue } = usePlayerView()
  // As it was when the page was opened: the button that was pressed stays where it is, and with it the focus.
  const [wasQueueEmpty] = useState(queue.entries.length === 0)
  const recent = useAnswer('home', (signal) => library.releases({ offset: 0, limit: 24, sort: 'recent' }, signal), {
    follow: longestWaitMs,
  })
  const { answer } = recent
  return (
    <div className={page['page']}>
      <h1 className={hidden['visuallyHidden']}>Home</h1>
      {answer.kind === 'loading' ? <HomeSkeleton /> : undefined}
      {answer.kind === 'offline' || answer.kind === 'problem' ? (
        <AnswerNotice failure={answer} onRetry={recent.retry} />
      ) : undefined}
      {answer.kind !== 'ready' ? undefined : (
        <div className={css['stack']}>
          {wasQueueEmpty ? <ListenNow releases={answer.value.items} /> : <PickUp />}
          <div className={css['hints']}>
            {view.kind === 'ready' && !view.isClaimed ? <ClaimCard /> : undefined}
            {view.kind === 'ready' && view.isClaimed && view.rights.length === 0 ? <VisitorHint /> : undefined}
            <ImportTeaser />
          </div>
          {answer.value.items.length === 0 ? <EmptyLibrary /> : <Shelves recent={answer.value.items} />}
        </div>
      )}
    </div>
  )
}

const Shelves = ({ recent }: { recent: readonly ReleaseSummary[] }) => {
  const { library } = useServices()
  const { answer: artists } = useAnswer('home-artists', (signal) =>
    library.artists({ offset: 0, limit: 16, sort: 'name' }, signal),
  )
  const { answer: all } = useAnswer('home-releases', (signal) =>
    library.releases({ offset: 0, limit: 16, sort: 'name' }, signal),
  )
  return (
    <>
      <Shelf title="Recently added" allHref="/library/releases?sort=recent">
        {recent.map((release) => (
          <li key={release.id}>
            <ReleaseCard release={release} />
          </li>
        ))}
      </Shelf>
      {artists.kind === 'ready' && artists.value.items.length > 1 ? (
        <Shelf title="Artists" allHref="/library/artists">
          {artists.value.items.map((artist) => (
            <li key={artist.id}>
              <ArtistCard artist={artist} />
            </li>
          ))}
        </Shelf>
      ) : undefined}
      {all.kind === 'ready' && all.value.total > recent.length ? (
        <Shelf title="All releases" allHref="/library/releases">
          {all.value.items.map((release) => (
            <li key={release.id}>
              <ReleaseCard release={release} />
            </li>
          ))}
        </Shelf>
      ) : undefined}
    </>
  )
}

const HomeSkeleton = () => (
  <div className={css['stack']}>
    <HeroSkeleton />
    <CardSkeletons count={7} />
  </div>
)
