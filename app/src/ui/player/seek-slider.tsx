import { useState } from 'react'
import { Range } from '../controls/range.tsx'
import { formatClock, spokenTime } from '../state/format-time.ts'
import { usePlayerView, useServices } from '../state/services-context.tsx'
import { usePosition } from './use-position.ts'

/** The position and duration for both seek sliders: the bar's and the waveform's. */
export const useSeek = () => {
  const { player } = useServices()
  const { durationMs, current } = usePlayerView()
  const playedMs = usePosition()
  const [draggedMs, setDragged] = useState<number>()
  const sliderMs = Math.min(durationMs, draggedMs ?? playedMs)
  const commit = (ms: number) => {
    setDragged(undefined)
    player.seek(ms)
  }
  return {
    sliderMs,
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
    value={seek.sliderMs}
    max={seek.durationMs}
    valueText={`${spokenTime(seek.sliderMs)} of ${spokenTime(seek.durationMs)}`}
    steps={{ arrow: 5_000, page: 30_000 }}
    now={seek.now}
    isDisabled={seek.isDisabled}
    onDrag={seek.drag}
    onCommit={seek.commit}
  />
)

export const SeekClock = ({ ms }: { ms: number }) => <span>{formatClock(ms)}</span>
