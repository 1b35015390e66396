import { Repeat, Repeat1, Shuffle, SkipBack, SkipForward } from 'lucide-react'
import type { Repeat as RepeatMode } from '@tonestead/crdt/queue'
import { IconButton } from '../controls/icon-button.tsx'
import { usePlayerView, useServices } from '../state/services-context.tsx'
import { PlayButton } from './play-button.tsx'
import css from './transport.module.css'

const repeatTexts: Readonly<Record<RepeatMode, string>> = {
  off: 'Repeats nothing',
  all: 'Repeats the queue',
  one: 'Repeats this track',
}
export const nextRepeat: Readonly<Record<RepeatMode, RepeatMode>> = { off: 'all', all: 'one', one: 'off' }

export const Transport = ({ size = 'bar' }: { size?: 'bar' | 'large' }) => {
  const { player } = useServices()
  const { queue, hasNext, hasPrevious } = usePlayerView()
  const iconSize = size === 'large' ? 26 : 20
  return (
    <div className={css['transport']} data-size={size}>
      <IconButton
        look="transport"
        label="Shuffle"
        icon={Shuffle}
        iconSize={size === 'large' ? 22 : 18}
        aria-pressed={queue.isShuffled}
        aria-keyshortcuts="S"
        onClick={() => player.setShuffle(!queue.isShuffled)}
      />
      <IconButton
        look="transport"
        label="Previous"
        icon={SkipBack}
        iconSize={iconSize}
        className={css['solid']}
        aria-disabled={!hasPrevious}
        aria-keyshortcuts="J"
        onClick={() => hasPrevious && player.previous()}
      />
      <PlayButton size={size} />
      <IconButton
        look="transport"
        label="Next"
        icon={SkipForward}
        iconSize={iconSize}
        className={css['solid']}
        aria-disabled={!hasNext}
        aria-keyshortcuts="K"
        onClick={() => hasNext && player.next()}
      />
      <IconButton
        look="transport"
        label="Repeat"
        icon={queue.repeat === 'one' ? Repeat1 : Repeat}
        iconSize={size === 'large' ? 22 : 18}
        aria-pressed={queue.repeat !== 'off'}
        title={repeatTexts[queue.repeat]}
        aria-keyshortcuts="R"
        onClick={() => player.setRepeat(nextRepeat[queue.repeat])}
      />
    </div>
  )
}
