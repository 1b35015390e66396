import { ListMusic, Maximize2, SkipForward } from 'lucide-react'
import { Artwork } from '../controls/artwork.tsx'
import { Credits } from '../controls/credits.tsx'
import { creditText } from '../state/credit-text.ts'
import { IconButton } from '../controls/icon-button.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { usePlayerView, useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { laterParts } from './later-parts.ts'
import { useAhead } from '../state/use-ahead.ts'
import { useFrameKind } from '../state/use-frame-kind.ts'
import { SaveButton } from '../tracks/save-button.tsx'
import { DevicesSlot, ElsewhereSlot } from './devices-slot.tsx'
import { FailureBar } from './failure-bar.tsx'
import { PlayButton } from './play-button.tsx'
import { SeekClock, SeekSlider, useSeek } from './seek-slider.tsx'
import { Transport } from './transport.tsx'
import { usePosition } from './use-position.ts'
import { VolumeControl } from './volume-control.tsx'
import hidden from '../controls/visually-hidden.module.css'
import css from './player-bar.module.css'

export const playerId = 'player'

export const PlayerBar = () => {
  const frame = useFrameKind()
  return (
    <section id={playerId} tabIndex={-1} aria-label="Player" className={css['player']}>
      <FailureBar />
      {frame === 'phone' ? (
        <>
          <ElsewhereSlot />
          <MiniPlayer />
        </>
      ) : (
        <FullBar />
      )}
    </section>
  )
}

const FullBar = () => {
  const { overlay, isQueueOpen } = useUiState()
  const { current } = usePlayerView()
  const isOpen = useReadable(isQueueOpen)
  const queueAhead = useAhead(laterParts.queue)
  const nowPlayingAhead = useAhead(laterParts.nowPlaying)
  const seek = useSeek()
  return (
    <div className={css['bar']}>
      <NowPlayingCard />
      <div className={css['middle']}>
        <Transport />
        <div className={css['seek']}>
          <SeekClock ms={seek.sliderMs} />
          <SeekSlider seek={seek} />
          <SeekClock ms={seek.durationMs} />
        </div>
      </div>
      <div className={css['end']}>
        <DevicesSlot />
        <VolumeControl />
        <IconButton
          label="Queue"
          icon={ListMusic}
          aria-pressed={isOpen}
          aria-keyshortcuts="Q"
          {...queueAhead}
          onClick={() => isQueueOpen.set(!isOpen)}
        />
        <IconButton
          label="Now playing"
          icon={Maximize2}
          iconSize={18}
          aria-disabled={current === undefined}
          aria-keyshortcuts="F"
          {...nowPlayingAhead}
          onClick={() => current !== undefined && overlay.set('now-playing')}
        />
      </div>
    </div>
  )
}

const NowPlayingCard = () => {
  const { current } = usePlayerView()
  if (current === undefined) return <p className={css['idle']}>Nothing is playing</p>
  return (
    <div className={css['card']}>
      <AppLink href={`/release/${current.release.id}`} className={css['cover']} tabIndex={-1} aria-hidden="true">
        <Artwork cover={current.release.cover} title={current.release.title} size={56} isEager />
      </AppLink>
      <div className={css['words']}>
        <AppLink href={`/release/${current.release.id}`} className={css['title']} title={current.title}>
          <bdi>{current.title}</bdi>
        </AppLink>
        <Credits className={css['artists']} credits={current.credits} />
      </div>
      <SaveButton thing={{ section: 'tracks', track: current }} isForCurrent />
    </div>
  )
}

const MiniPlayer = () => {
  const { player } = useServices()
  const { overlay } = useUiState()
  const { current, hasNext, durationMs } = usePlayerView()
  const positionMs = usePosition(1_000)
  const ahead = useAhead(laterParts.nowPlaying)
  if (current === undefined) return undefined
  return (
    <div className={css['mini']}>
      <button type="button" className={css['open']} onClick={() => overlay.set('now-playing')} {...ahead}>
        <span className={hidden['visuallyHidden']}>Now playing: </span>
        <Artwork cover={current.release.cover} title={current.release.title} size={44} isEager />
        <span className={css['words']}>
          <bdi className={css['title']}>{current.title}</bdi>{' '}
          <bdi className={css['artists']}>{creditText(current.credits)}</bdi>
        </span>
      </button>
      <PlayButton size="mini" />
      <IconButton
        look="transport"
        label="Next"
        icon={SkipForward}
        className={css['next']}
        aria-disabled={!hasNext}
        onClick={() => hasNext && player.next()}
      />
      <span
        className={css['progress']}
        style={{ scale: `${durationMs > 0 ? Math.min(1, positionMs / durationMs) : 0} 1` }}
        aria-hidden="true"
      />
    </div>
  )
}
