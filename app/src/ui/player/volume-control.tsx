import { Volume1, Volume2, VolumeX } from 'lucide-react'
import { IconButton } from '../controls/icon-button.tsx'
import { Range } from '../controls/range.tsx'
import { usePlayerView, useServices } from '../state/services-context.tsx'
import css from './volume-control.module.css'

export const VolumeControl = () => {
  const { player } = useServices()
  const { volume, isMuted } = usePlayerView()
  const audibleVolume = isMuted ? 0 : volume
  const icon = audibleVolume === 0 ? VolumeX : audibleVolume < 0.5 ? Volume1 : Volume2
  return (
    <div className={css['volume']}>
      <IconButton
        label="Mute"
        icon={icon}
        aria-pressed={isMuted}
        aria-keyshortcuts="M"
        onClick={() => player.setMuted(!isMuted)}
      />
      <Range
        label="Volume"
        className={css['slider']}
        value={audibleVolume * 100}
        max={100}
        valueText={`${Math.round(audibleVolume * 100)} per cent`}
        steps={{ arrow: 5, page: 20 }}
        onCommit={(value) => player.setVolume(value / 100)}
      />
    </div>
  )
}
