import { useCallback, useId, useMemo, type ReactNode } from 'react'
import type { DocumentKind, SearchResult, SearchHit, SearchQuery } from '../../engine/search/search.ts'
import { AppLink } from '../controls/app-link.tsx'
import page from '../layout/page.module.css'
import shelf from '../cards/shelf.module.css'
import { ResultTracks } from './result-tracks.tsx'
import { kindNames } from './result-text.ts'
import { HitCard } from './hit-card.tsx'
import { searchHref } from './search-address.ts'
import { TopResult } from './top-result.tsx'
import css from './result-groups.module.css'

export type ResultProps = {
  query: SearchQuery
  result: SearchResult
  onPlay: (hit: SearchHit) => void
  onUse: (hit: SearchHit) => void
}

const rowsBesideTop = 4
const rowsAlone = 6

/** A result of all kinds: the top hit, then the first hits of each kind. */
export const ResultGroups = ({ query, result, onPlay, onUse }: ResultProps) => {
  const { top, groups } = result
  const tracks = groups.track
  const rows = useMemo(() => tracks.hits.slice(0, top === undefined ? rowsAlone : rowsBesideTop), [tracks.hits, top])
  return (
    <>
      <div className={css['head']} data-top={top === undefined || rows.length === 0 ? undefined : ''}>
        {top === undefined ? undefined : (
          <Group title="Top result">
            <TopResult hit={top} onPlayTrack={onPlay} onUse={onUse} />
          </Group>
        )}
        {rows.length === 0 ? undefined : (
          <Group
            title="Tracks"
            allHref={
              tracks.hasMore || tracks.hits.length > rows.length ? searchHref({ ...query, kind: 'track' }) : undefined
            }
          >
            <ResultTracks hits={rows} onPlay={onPlay} onUse={onUse} />
          </Group>
        )}
      </div>
      {(['artist', 'release', 'playlist'] as const).map((kind) => (
        <HitShelf key={kind} kind={kind} query={query} group={groups[kind]} onUse={onUse} />
      ))}
    </>
  )
}

type GroupProps = {
  title: string
  /** Name of the region, where its title is that of another region of the page. */ label?: string
  allHref?: string | undefined
  children: ReactNode
}

const Group = ({ title, label, allHref, children }: GroupProps) => {
  const id = useId()
  return (
    <section aria-label={label} aria-labelledby={label === undefined ? id : undefined} className={css['group']}>
      <div className={page['subhead']}>
        <h2 id={id} className={page['subtitle']}>
          {title}
        </h2>
        {allHref === undefined ? undefined : (
          <AppLink href={allHref} className={page['all']} aria-label={`Show all: ${title}`}>
            Show all
          </AppLink>
        )}
      </div>
      {children}
    </section>
  )
}

// More than fit on a wide screen: a cut card shows that the shelf scrolls.
const cardsOnShelf = 10

type HitShelfProps = {
  kind: DocumentKind
  query: SearchQuery
  group: SearchResult['groups'][DocumentKind]
  onUse: (hit: SearchHit) => void
}

const HitShelf = ({ kind, query, group, onUse }: HitShelfProps) => {
  const recordUse = useCallback((hit: SearchHit) => onUse(hit), [onUse])
  if (group.hits.length === 0) return undefined
  return (
    <div className={css['shelf']}>
      <Group
        title={kindNames[kind].many}
        label={`${kindNames[kind].many} found`}
        allHref={group.hasMore || group.hits.length > cardsOnShelf ? searchHref({ ...query, kind }) : undefined}
      >
        <ul className={shelf['shelf']} data-line="row">
          {group.hits.slice(0, cardsOnShelf).map((hit) => (
            <li key={hit.id}>
              <HitCard hit={hit} onUse={recordUse} />
            </li>
          ))}
        </ul>
      </Group>
    </div>
  )
}
