import { Pause, Play } from 'lucide-react'
import { Icon } from '../controls/icon.tsx'
import { classNames } from '../state/class-names.ts'
import { usePlayerView, useServices } from '../state/services-context.tsx'
import css from './play-button.module.css'

/** Changes in the same frame as the click: the player's view changes before any sound. The ring appears when loading takes longer than 400 ms. */
export const PlayButton = ({ size = 'bar' }: { size?: 'bar' | 'mini' | 'large' }) => {
  const { player } = useServices()
  const { state, queue } = usePlayerView()
  const isOn = state.kind === 'playing' || state.kind === 'loading'
  const name = isOn ? 'Pause' : 'Play'
  return (
    <button
      type="button"
      className={classNames(css['play'], css[size])}
      aria-label={name}
      title={name}
      aria-keyshortcuts="Space"
      aria-disabled={queue.entries.length === 0 ? true : undefined}
      onClick={() => player.toggle()}
    >
      <Icon of={isOn ? Pause : Play} size={size === 'large' ? 32 : 22} />
      {state.kind === 'loading' ? (
        <span key={`${state.entryId}${state.sinceMs}`} className={css['ring']} aria-hidden="true" />
      ) : undefined}
    </button>
  )
}
