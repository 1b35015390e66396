import { ChevronDown, ListMusic } from 'lucide-react'
import { Artwork } from '../controls/artwork.tsx'
import { Credits } from '../controls/credits.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { upcomingEntries } from '@tonestead/crdt/queue'
import { usePlayerView } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { SaveButton } from '../tracks/save-button.tsx'
import { TrackMenu } from '../tracks/track-menu.tsx'
import { DevicesSlot } from './devices-slot.tsx'
import { FailureBar } from './failure-bar.tsx'
import { SeekClock, useSeek } from './seek-slider.tsx'
import { streamInfoText } from './stream-info-text.ts'
import { Transport } from './transport.tsx'
import { VolumeControl } from './volume-control.tsx'
import { Waveform } from './waveform.tsx'
import css from './now-playing.module.css'

export const NowPlaying = () => {
  const { overlay, isQueueOpen } = useUiState()
  const { current, streamInfo, queue, tracks } = usePlayerView()
  const seek = useSeek()
  const close = () => overlay.set('none')
  if (current === undefined) return undefined
  const [following] = upcomingEntries(queue)
  const next = following === undefined ? undefined : tracks.get(following.trackId)
  const showQueue = () => {
    close()
    isQueueOpen.set(true)
  }
  return (
    <Dialog label="Now playing" shape="full" onClose={close}>
      <div className={css['screen']}>
        {current.release.cover === undefined ? undefined : (
          <img
            className={css['backdrop']}
            src={`/covers/${current.release.cover.id}/96.webp`}
            alt=""
            aria-hidden="true"
          />
        )}
        <div className={css['head']}>
          <IconButton label="Close now playing" icon={ChevronDown} iconSize={26} look="transport" onClick={close} />
          <p className={css['from']}>
            <span>Playing from</span>
            <AppLink href={`/release/${current.release.id}`} onClick={close}>
              <bdi>{current.release.title}</bdi>
            </AppLink>
          </p>
          <TrackMenu track={current} look="plain" onGo={close} />
        </div>
        <div className={css['stage']}>
          <div className={css['art']}>
            <Artwork
              cover={current.release.cover}
              title={current.release.title}
              size="(width < 900px) 90vw, 480px"
              isEager
            />
          </div>
          <div className={css['controls']}>
            <div className={css['heading']}>
              <div>
                <h2 className={css['title']}>
                  <bdi>{current.title}</bdi>
                </h2>
                <p className={css['artists']}>
                  <span onClick={close}>
                    <Credits credits={current.credits} />
                  </span>
                </p>
              </div>
              <SaveButton thing={{ section: 'tracks', track: current }} look="transport" iconSize={24} isForCurrent />
            </div>
            <div>
              <Waveform track={current} seek={seek} />
              <div className={css['clock']}>
                <SeekClock ms={seek.sliderMs} />
                <SeekClock ms={seek.durationMs} />
              </div>
            </div>
            <Transport size="large" />
            <div className={css['foot']}>
              <VolumeControl />
              <p className={css['streamInfo']}>{streamInfo === undefined ? '' : streamInfoText(streamInfo)}</p>
              <DevicesSlot />
              <IconButton label="Queue" icon={ListMusic} onClick={showQueue} />
            </div>
            {next === undefined ? undefined : (
              <p className={css['next']}>
                Next: <bdi>{next.title}</bdi>
              </p>
            )}
            <FailureBar />
          </div>
        </div>
      </div>
    </Dialog>
  )
}
