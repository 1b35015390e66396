import { Play, Shuffle } from 'lucide-react'
import { useCallback } from 'react'
import { parseArtistId, type ArtistId } from '@tonestead/crdt/ids'
import type { Artist, ReleaseSummary } from '@tonestead/protocol/catalog'
import { ReleaseCard } from '../cards/release-card.tsx'
import { Shelf } from '../cards/shelf.tsx'
import { Button } from '../controls/button.tsx'
import { usePageTitle } from '../state/use-document-title.ts'
import { counted } from '../state/format-time.ts'
import { tryParse } from '../state/try-parse.ts'
import { usePlayerView, useServices } from '../state/services-context.tsx'
import { useAnswer } from '../state/use-answer.ts'
import { SaveButton } from '../tracks/save-button.tsx'
import { TrackGrid } from '../tracks/track-grid.tsx'
import { mixedLook } from '../tracks/track-row.tsx'
import { AnswerPage } from '../layout/answer-page.tsx'
import { Hero } from './hero.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import page from '../layout/page.module.css'

export const ArtistPage = ({ id }: { id: string }) => {
  const artistId = tryParse(parseArtistId, id)
  return artistId === undefined ? <NotFoundPage /> : <ArtistById id={artistId} />
}

const ArtistById = ({ id }: { id: ArtistId }) => {
  const { library } = useServices()
  const state = useAnswer(`artist/${id}`, (signal) => library.artist(id, signal))
  usePageTitle(state.answer.kind === 'ready' ? state.answer.value.name : undefined)
  return <AnswerPage state={state}>{(artist) => <ArtistContent artist={artist} />}</AnswerPage>
}

const shelves = [
  ['album', 'Albums'],
  ['ep', 'EPs'],
  ['single', 'Singles'],
  ['compilation', 'Compilations'],
] as const

const ArtistContent = ({ artist }: { artist: Artist }) => {
  const { player } = useServices()
  const { current } = usePlayerView()
  const { tracks } = artist
  const context = { kind: 'artist', id: artist.id } as const
  const at = useCallback((row: number) => tracks[row], [tracks])
  const play = (row: number) =>
    tracks[row]?.id === current?.id ? player.toggle() : player.playTracks({ context, tracks, startAt: row })
  const shuffle = () => {
    player.setShuffle(true)
    player.playTracks({ context, tracks })
  }
  return (
    <div className={page['page']}>
      <Hero
        cover={artist.cover}
        title={artist.name}
        kind="Artist"
        isRound
        facts={`${counted(artist.releaseCount, 'release')} · ${counted(artist.trackCount, 'track')}`}
      >
        <Button look="primary" icon={Play} onClick={() => player.playTracks({ context, tracks, startAt: 0 })}>
          Play
        </Button>
        <Button icon={Shuffle} onClick={shuffle}>
          Shuffle
        </Button>
        <SaveButton thing={{ section: 'artists', artist }} />
      </Hero>
      {shelves.map(([type, title]) => {
        const releases = artist.releases.filter((release) => release.type === type)
        return releases.length === 0 ? undefined : (
          <Shelf key={type} title={title}>
            {releases.map((release) => (
              <li key={release.id}>
                <ReleaseCard release={release} line={yearLine(release)} />
              </li>
            ))}
          </Shelf>
        )
      })}
      {tracks.length === 0 ? undefined : (
        <section className={page['section']} aria-labelledby="artist-tracks">
          <div className={page['subhead']}>
            <h2 id="artist-tracks" className={page['subtitle']}>
              Tracks
            </h2>
          </div>
          <TrackGrid label={`Tracks by ${artist.name}`} count={tracks.length} at={at} look={mixedLook} onPlay={play} />
        </section>
      )}
    </div>
  )
}

const yearLine = ({ year, trackCount }: ReleaseSummary): string =>
  [year, counted(trackCount, 'track')].filter((part) => part !== undefined).join(' · ')
