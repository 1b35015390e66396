import { useEffect, useEffectEvent, useRef } from 'react'
import type { DocumentKind, SearchHit } from '../../engine/search/search.ts'
import { Button } from '../controls/button.tsx'
import { useMainScroll } from '../state/main-scroll.tsx'
import { useServices } from '../state/services-context.tsx'
import type { ResultProps } from './result-groups.tsx'
import { ResultTracks } from './result-tracks.tsx'
import { kindNames } from './result-text.ts'
import { HitCard } from './hit-card.tsx'
import css from './result-list.module.css'

/** All hits of one kind; the next page is loaded when the end comes near. */
export const ResultList = ({ kind, result, onPlay, onUse }: Omit<ResultProps, 'query'> & { kind: DocumentKind }) => {
  const { search } = useServices()
  const { hits, hasMore } = result.groups[kind]
  return (
    <section aria-label={`${kindNames[kind].many} found`}>
      {kind === 'track' ? (
        <ResultTracks hits={hits} hasMore={hasMore} onPlay={onPlay} onUse={onUse} />
      ) : (
        <HitCards hits={hits} onUse={onUse} />
      )}
      {hasMore ? <MoreButton count={hits.length} onMore={() => search.loadMore(kind)} /> : undefined}
    </section>
  )
}

const HitCards = ({ hits, onUse }: { hits: readonly SearchHit[]; onUse: (hit: SearchHit) => void }) => (
  <ul className={css['cards']} data-line="row">
    {hits.map((hit) => (
      <li key={hit.id}>
        <HitCard hit={hit} onUse={onUse} />
      </li>
    ))}
  </ul>
)

/** Loads the next page once when the button comes near the visible area. A click loads it again after a failure. */
const MoreButton = ({ count, onMore }: { count: number; onMore: () => void }) => {
  const box = useRef<HTMLDivElement>(null)
  const scroller = useMainScroll()
  const loadedAt = useRef(-1)
  const loadOnce = useEffectEvent(() => {
    if (loadedAt.current === count) return
    loadedAt.current = count
    onMore()
  })
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && loadOnce(),
      {
        root: scroller.current,
        rootMargin: '800px 0px',
      },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller, count])
  return (
    <div ref={box} className={css['more']} data-line="row">
      <Button data-line-stop="" onClick={onMore}>
        Show more
      </Button>
    </div>
  )
}
