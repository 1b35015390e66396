import { useState } from 'react'
import { Range } from '../controls/range.tsx'
import { formatClock, spokenTime } from '../state/format-time.ts'
import { usePlayerView, useServices } from '../state/services-context.tsx'
import { usePosition } from './use-position.ts'

/** The same numbers for the slider of the bar and the waveform of the now-playing screen. */
export const useSeek = () => {
  const { player } = useServices()
  const { durationMs, current } = usePlayerView()
  const playedMs = usePosition()
  const [draggedMs, setDragged] = useState<number>()
  const shownMs = Math.min(durationMs, draggedMs ?? playedMs)
  const commit = (ms: number) => {
    setDragged(undefined)
    player.seek(ms)
  }
  return {
    shownMs,
    durationMs,
    isDisabled: current === undefined,
    now: () => player.positionMs(),
    drag: setDragged,
    commit,
  }
}

export type Seek = ReturnType<typeof useSeek>

export const SeekSlider = ({ seek, className }: { seek: Seek; className?: string | undefined }) => (
  <Range
    label="Seek"
    className={className}
    value={seek.shownMs}
    max={seek.durationMs}
    valueText={`${spokenTime(seek.shownMs)} of ${spokenTime(seek.durationMs)}`}
    steps={{ arrow: 5_000, page: 30_000 }}
    now={seek.now}
    isDisabled={seek.isDisabled}
    onDrag={seek.drag}
    onCommit={seek.commit}
  />
)

export const SeekClock = ({ ms }: { ms: number }) => <span>{formatClock(ms)}</span>
