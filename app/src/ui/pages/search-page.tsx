import { Search, SearchX } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { useSearchParams } from 'wouter'
import type { SearchResult } from '@tonestead/protocol/catalog'
import { ArtistCard } from '../cards/artist-card.tsx'
import { ReleaseCard } from '../cards/release-card.tsx'
import { Shelf } from '../cards/shelf.tsx'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { RowBones } from '../controls/skeleton.tsx'
import { searchBoxId } from '../shell/search-box.tsx'
import { usePageTitle } from '../shell/use-document-title.ts'
import { delay } from '../state/delay.ts'
import { usePlayerView, useServices } from '../state/services-context.tsx'
import { useAnswer } from '../state/use-answer.ts'
import { TrackGrid } from '../tracks/track-grid.tsx'
import { mixedLook } from '../tracks/track-row.tsx'
import { AnswerNotice } from './answer-notice.tsx'
import page from './page.module.css'

export const SearchPage = () => {
  const [params] = useSearchParams()
  const q = (params.get('q') ?? '').trim()
  usePageTitle(q === '' ? 'Search' : `Search: ${q}`)
  useEffect(() => document.getElementById(searchBoxId)?.focus(), [])
  return (
    <div className={page['page']}>
      <h1 className={page['title']}>{q === '' ? 'Search' : <>Results for <bdi>“{q}”</bdi></>}</h1>
      {q === '' ? (
        <EmptyState picture={<Icon of={Search} size={40} />} title="What would you like to hear">
          Type the beginning of a title, a release or a name. Results appear as you type.
        </EmptyState>
      ) : (
        <Results q={q} />
      )}
    </div>
  )
}

// Long enough to not ask for every letter, short enough to feel like an answer.
const typingMs = 120

const Results = ({ q }: { q: string }) => {
  const { library } = useServices()
  const { answer, askAgain } = useAnswer(`search/${q}`, async (signal) => {
    await delay(typingMs, signal)
    return signal.aborted ? { kind: 'offline' as const } : library.search(q, signal)
  })
  const [last, setLast] = useState<SearchResult>()
  useEffect(() => {
    if (answer.kind === 'ready') setLast(answer.value)
  }, [answer])
  // While the next answer is on its way the last one stays: results never flicker under the fingers.
  if (answer.kind === 'loading') return last === undefined ? <RowBones /> : <Found result={last} />
  return answer.kind === 'ready' ? <Found result={answer.value} /> : <AnswerNotice failure={answer} onRetry={askAgain} />
}

const Found = ({ result }: { result: SearchResult }) => {
  const { tracks, releases, artists } = result
  const count = tracks.length + releases.length + artists.length
  if (count === 0) {
    return (
      <EmptyState picture={<Icon of={SearchX} size={40} />} title="Nothing found">
        Check the spelling, or try fewer letters. Only what is in this library is searched.
      </EmptyState>
    )
  }
  return (
    <>
      {tracks.length === 0 ? undefined : <FoundTracks tracks={tracks} />}
      {releases.length === 0 ? undefined : (
        <Shelf title="Releases">
          {releases.map((release) => (
            <li key={release.id}>
              <ReleaseCard release={release} />
            </li>
          ))}
        </Shelf>
      )}
      {artists.length === 0 ? undefined : (
        <Shelf title="Artists">
          {artists.map((artist) => (
            <li key={artist.id}>
              <ArtistCard artist={artist} />
            </li>
          ))}
        </Shelf>
      )}
    </>
  )
}

const FoundTracks = ({ tracks }: Pick<SearchResult, 'tracks'>) => {
  const { player } = useServices()
  const { current } = usePlayerView()
  const at = useCallback((row: number) => tracks[row], [tracks])
  const play = (row: number) => (tracks[row]?.id === current?.id ? player.toggle() : player.playTracks({ context: { kind: 'tracks' }, tracks, startAt: row }))
  return (
    <section className={page['section']} aria-labelledby="found-tracks">
      <div className={page['subhead']}>
        <h2 id="found-tracks" className={page['subtitle']}>
          Tracks
        </h2>
      </div>
      <TrackGrid label="Tracks found" count={tracks.length} at={at} look={mixedLook} onPlay={play} />
    </section>
  )
}
