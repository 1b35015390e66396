import { ListPlus, Play, Pause, Share, Shuffle } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import { parseReleaseId, type ReleaseId } from '@tonestead/crdt/ids'
import type { Release } from '@tonestead/protocol/catalog'
import { usePlayRelease } from '../cards/use-play-release.ts'
import { Button } from '../controls/button.tsx'
import { Credits } from '../controls/credits.tsx'
import { Notice } from '../controls/notice.tsx'
import { creditText } from '../state/credit-text.ts'
import { usePageTitle } from '../state/use-document-title.ts'
import { counted, formatLength } from '../state/format-time.ts'
import { tryParse } from '../state/try-parse.ts'
import { usePlayerView, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { useAnswer } from '../state/use-answer.ts'
import { SaveButton } from '../tracks/save-button.tsx'
import { TrackGrid } from '../tracks/track-grid.tsx'
import { useTrackActions } from '../tracks/use-track-actions.ts'
import { AnswerPage } from '../layout/answer-page.tsx'
import { Hero } from './hero.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import page from '../layout/page.module.css'

export const ReleasePage = ({ id, markedId }: { id: string; markedId?: string }) => {
  const releaseId = tryParse(parseReleaseId, id)
  return releaseId === undefined ? <NotFoundPage /> : <ReleaseById id={releaseId} markedId={markedId} />
}

const ReleaseById = ({ id, markedId }: { id: ReleaseId; markedId: string | undefined }) => {
  const { library } = useServices()
  const state = useAnswer(`release/${id}`, (signal) => library.release(id, signal))
  usePageTitle(state.answer.kind === 'ready' ? state.answer.value.title : undefined)
  return <AnswerPage state={state}>{(release) => <ReleaseContent release={release} markedId={markedId} />}</AnswerPage>
}

const typeNames = { album: 'Album', ep: 'EP', single: 'Single', compilation: 'Compilation' } as const

const ReleaseContent = ({ release, markedId }: { release: Release; markedId: string | undefined }) => {
  const { player } = useServices()
  const { current, queue } = usePlayerView()
  const { isOn, toggle } = usePlayRelease(release.id)
  const { tracks } = release
  const isHere = queue.context?.kind === 'release' && queue.context.id === release.id
  const at = useCallback((row: number) => tracks[row], [tracks])
  const play = (row: number) => {
    if (isHere && tracks[row]?.id === current?.id) return void player.toggle()
    player.playTracks({ context: { kind: 'release', id: release.id }, tracks, startAt: row })
  }
  const shuffle = () => {
    player.setShuffle(true)
    player.playTracks({ context: { kind: 'release', id: release.id }, tracks })
  }
  const usualCredits = creditText(release.credits)
  const look = useMemo(() => ({ lead: 'number', hasRelease: false, usualCredits }) as const, [usualCredits])
  const hasDiscs = tracks.some((track) => track.disc !== tracks[0]?.disc)
  const discBefore = (row: number) =>
    hasDiscs && tracks[row]?.disc !== tracks[row - 1]?.disc ? `Disc ${tracks[row]?.disc ?? 1}` : undefined
  return (
    <div className={page['page']}>
      <Hero
        cover={release.cover}
        title={release.title}
        kind={typeNames[release.type]}
        facts={
          <>
            <Credits credits={release.credits} /> · {factsOf(release)}
          </>
        }
        badges={[
          tracks.length > 0 && tracks.every((track) => track.heads.flac !== undefined) ? 'Lossless' : undefined,
          release.isPublic ? 'Public' : undefined,
        ]}
      >
        <Button look="primary" icon={isOn ? Pause : Play} onClick={toggle}>
          {isOn ? 'Pause' : 'Play'}
        </Button>
        <Button icon={Shuffle} onClick={shuffle}>
          Shuffle
        </Button>
        <AddButton release={release} />
        <ShareButton release={release} />
        <SaveButton thing={{ section: 'releases', release }} />
      </Hero>
      <UnreachableNote count={release.unreachable?.length ?? 0} />
      <TrackGrid
        label={`Tracks of ${release.title}`}
        count={tracks.length}
        at={at}
        look={look}
        onPlay={play}
        headingBefore={discBefore}
        markedId={markedId}
      />
      {release.label === undefined ? undefined : (
        <p className={page['footnote']}>
          <bdi>{release.label}</bdi>
        </p>
      )}
    </div>
  )
}

/** Nothing changes for a listener as long as the disk comes back: it says why new qualities of these tracks do not appear. */
const UnreachableNote = ({ count }: { count: number }) =>
  count === 0 ? undefined : (
    <Notice tone="info" title={`The files of ${counted(count, 'track')} cannot be reached at the moment`}>
      They play as before, from what the server has made of them.
    </Notice>
  )

const factsOf = ({ year, tracks, durationMs }: Release): string =>
  [year, counted(tracks.length, 'track'), formatLength(durationMs)].filter((fact) => fact !== undefined).join(' · ')

const AddButton = ({ release: { title, tracks } }: { release: Release }) => {
  const { playlistAddition } = useUiState()
  return (
    <Button icon={ListPlus} onClick={() => playlistAddition.set({ what: title, load: () => Promise.resolve(tracks) })}>
      Add to playlist
    </Button>
  )
}

const ShareButton = ({ release }: { release: Release }) => {
  const { log } = useServices()
  const { copyLink } = useTrackActions()
  const path = `/release/${release.id}`
  const share = async () => {
    const data = { title: release.title, url: new URL(path, location.origin).href }
    // The share sheet of the system where there is one. When a person closes it, it rejects with an AbortError, which is not logged.
    if (matchMedia('(pointer: coarse)').matches && 'share' in navigator)
      return navigator.share(data).catch(log.child('ui').failed('a link was not shared'))
    return copyLink(path)
  }
  return (
    <Button icon={Share} onClick={() => void share()}>
      Share
    </Button>
  )
}
