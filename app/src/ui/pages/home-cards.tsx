import { Pause, Play } from 'lucide-react'
import { useState, type SyntheticEvent } from 'react'
import type { ReleaseSummary } from '@tonestead/protocol/catalog'
import { usePlayRelease } from '../cards/use-play-release.ts'
import { Artwork } from '../controls/artwork.tsx'
import { Button } from '../controls/button.tsx'
import { creditText } from '../state/credit-text.ts'
import { ProgressBar } from '../controls/progress-bar.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { redeemClaim } from '../state/redeem-claim.ts'
import { counted, formatClock, formatLength } from '../state/format-time.ts'
import { usePlayerView, useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import css from './home-page.module.css'

/** First visit: music with one click. The first public release, else the release that was added last; it stays when others are added. */
export const ListenNow = ({ releases }: { releases: readonly ReleaseSummary[] }) => {
  const [chosenId, setChosenId] = useState<ReleaseSummary['id']>()
  const chosen =
    releases.find((release) => release.id === chosenId) ?? releases.find((release) => release.isPublic) ?? releases[0]
  if (chosen?.id !== chosenId) setChosenId(chosen?.id)
  return chosen === undefined ? undefined : <ReleaseHero release={chosen} />
}

const ReleaseHero = ({ release }: { release: ReleaseSummary }) => {
  const { isOn, toggle } = usePlayRelease(release.id)
  return (
    <section className={css['hero']} aria-label="Listen now">
      <Artwork className={css['cover']} cover={release.cover} title={release.title} size="200px" isEager />
      <div className={css['words']}>
        <p className={css['eyebrow']}>{release.isPublic ? 'Listen now, no account needed' : 'Listen now'}</p>
        <h2 className={css['title']}>
          <bdi>{release.title}</bdi>
        </h2>
        <p className={css['line']}>
          <bdi>{creditText(release.credits)}</bdi> · {counted(release.trackCount, 'track')} ·{' '}
          {formatLength(release.durationMs)}
        </p>
        <div className={css['actions']}>
          <Button look="primary" icon={isOn ? Pause : Play} onClick={toggle}>
            {isOn ? 'Pause' : 'Play'}
          </Button>
          <AppLink href={`/release/${release.id}`} className={css['open']}>
            Open
          </AppLink>
        </div>
      </div>
    </section>
  )
}

/** After a reload: resumes the stored queue where it stopped. Not shown where something plays already; once shown it stays, so that the focus does. */
export const PickUp = () => {
  const { player } = useServices()
  const { current, state } = usePlayerView()
  const isOn = state.kind === 'playing' || state.kind === 'loading'
  const [isShown, setShown] = useState(!isOn)
  if (!isOn && !isShown) setShown(true)
  if (current === undefined || !isShown) return undefined
  return (
    <section className={css['hero']} aria-label={isOn ? 'Playing now' : 'Pick up where you left'}>
      <Artwork
        className={css['cover']}
        cover={current.release.cover}
        title={current.release.title}
        size="200px"
        isEager
      />
      <div className={css['words']}>
        <p className={css['eyebrow']}>{isOn ? 'Playing now' : 'Pick up where you left'}</p>
        <h2 className={css['title']}>
          <bdi>{current.title}</bdi>
        </h2>
        <p className={css['line']}>
          <bdi>{creditText(current.credits)}</bdi>
          {isOn ? '' : ` · at ${formatClock(player.positionMs())}`}
        </p>
        <div className={css['actions']}>
          <Button look="primary" icon={isOn ? Pause : Play} onClick={() => player.toggle()}>
            {isOn ? 'Pause' : 'Play'}
          </Button>
          <AppLink href={`/release/${current.release.id}`} className={css['open']}>
            Open
          </AppLink>
        </div>
      </div>
    </section>
  )
}

/** For a server without an administrator. */
export const ClaimCard = () => {
  const { account } = useServices()
  const { notice } = useUiState()
  const [code, setCode] = useState('')
  const [isWaiting, setWaiting] = useState(false)
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setWaiting(true)
    notice.set(await redeemClaim(account, code.trim()))
    setWaiting(false)
  }
  return (
    <section className={css['card']} aria-label="Claim this server">
      <h2>Is this your server?</h2>
      <p>
        Nobody administers it yet. The console in which it was started shows a claim link: open it, or enter its code
        here.
      </p>
      <form className={css['claim']} onSubmit={(event) => void submit(event)}>
        <input
          aria-label="Claim code"
          placeholder="Claim code"
          autoComplete="one-time-code"
          spellCheck={false}
          minLength={8}
          maxLength={64}
          required
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        <Button type="submit" disabled={isWaiting}>
          Claim
        </Button>
      </form>
    </section>
  )
}

export const VisitorHint = () => (
  <section className={css['card']} aria-label="Visiting">
    <h2>You are visiting</h2>
    <p>You hear what is public here. To hear more, show your account id, in Settings, to whoever runs this server.</p>
    <AppLink href="/settings" className={css['more']}>
      Open settings
    </AppLink>
  </section>
)

/** For the administrator: the progress of the import, until every file is done. */
export const ImportTeaser = () => {
  const view = useReadable(useServices().ingest.view)
  if (view.kind !== 'watching' || view.summary.found === 0) return undefined
  const { found, playable, complete, refused } = view.summary
  if (complete + refused >= found && refused === 0) return undefined
  const isBusy = playable + refused < found
  return (
    <section className={css['card']} aria-label="Import">
      <h2>{isBusy ? 'Reading your music' : 'Your music can be played'}</h2>
      {isBusy ? <ProgressBar label="Playable tracks" value={playable} max={found - refused} /> : undefined}
      <p>
        {isBusy
          ? `${playable.toLocaleString('en')} of ${counted(found, 'file')} can be played.`
          : complete < playable
            ? `The other qualities of ${counted(playable - complete, 'file')} are still being made.`
            : ''}
        {refused > 0 ? ` ${counted(refused, 'file')} could not be read.` : ''}
      </p>
      <AppLink href="/import" className={css['more']}>
        {refused > 0 ? 'See why' : 'See progress'}
      </AppLink>
    </section>
  )
}
