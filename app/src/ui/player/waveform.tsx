import { useEffect, useRef, useState } from 'react'
import type { Track } from '@tonestead/protocol/catalog'
import { useReadable, useServices } from '../state/services-context.tsx'
import { unlessAborted } from '../state/unless-aborted.ts'
import { drawWaveform } from './draw-waveform.ts'
import { SeekSlider, type Seek } from './seek-slider.tsx'
import { formatClock } from '../state/format-time.ts'
import css from './waveform.module.css'

/** The waveform as a seek bar: a canvas, and over it an invisible slider for pointer, keys and screen readers. */
export const Waveform = ({ track, seek }: { track: Track; seek: Seek }) => {
  const peaks = usePeaks(track)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { theme } = useReadable(useServices().settings.view)
  const size = useSize(canvas)
  const [hoverShare, setHover] = useState<number>()
  const share = seek.durationMs > 0 ? seek.sliderMs / seek.durationMs : 0
  useEffect(() => {
    if (canvas.current !== null) drawWaveform(canvas.current, { peaks, share, hoverShare })
  }, [peaks, share, hoverShare, size, theme])
  return (
    <div
      className={css['waveform']}
      onPointerMove={(event) => {
        const box = event.currentTarget.getBoundingClientRect()
        setHover(Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)))
      }}
      onPointerLeave={() => setHover(undefined)}
    >
      <canvas ref={canvas} className={css['canvas']} aria-hidden="true" />
      <SeekSlider seek={seek} className={css['slider']} />
      {hoverShare === undefined || seek.isDisabled ? undefined : (
        <span className={css['bubble']} style={{ left: `${hoverShare * 100}%` }} aria-hidden="true">
          {formatClock(hoverShare * seek.durationMs)}
        </span>
      )}
    </div>
  )
}

const usePeaks = (track: Track): Uint8Array | undefined => {
  const { library } = useServices()
  const [loaded, setLoaded] = useState<{ id: string; peaks: Uint8Array | undefined }>()
  useEffect(() => {
    const controller = new AbortController()
    const load = async () => {
      const peaks = await unlessAborted(library.waveform(track, controller.signal), controller.signal)
      if (!controller.signal.aborted) setLoaded({ id: track.id, peaks })
    }
    void load()
    return () => controller.abort()
  }, [library, track])
  return loaded?.id === track.id ? loaded.peaks : undefined
}

const useSize = (element: { readonly current: HTMLElement | null }): number => {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (element.current === null) return
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return width
}
