import { useCallback, useEffect, useRef, useState, type PointerEvent } from 'react'
import { useMainScroll } from '../state/main-scroll.tsx'
import { rowHeight } from '../tracks/row-height.ts'

/** Nearer than this to an edge of the page, the page scrolls while a row is dragged; in pixels. */
const edge = 72
const mostPerFrame = 18

export type RowDrag = {
  /** Dragged rows would go before this row. */
  readonly dropRow: number | undefined
  readonly grab: (row: number) => (event: PointerEvent) => void
}

/** Drags rows of equal height to another place; Escape ends it. Keys and a menu can do the same (WCAG 2.5.7). `onDrop` must stay the same. */
export const useRowDrag = (onDrop: (row: number, dropRow: number) => void): RowDrag => {
  const [dropRow, setDropRow] = useState<number>()
  const scroller = useMainScroll()
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const grab = useCallback(
    (row: number) => (event: PointerEvent) => {
      const list = event.currentTarget.closest('[role=rowgroup]')
      if (event.button !== 0 || list === null) return
      event.preventDefault()
      running.current?.abort()
      const controller = new AbortController()
      running.current = controller
      const { signal } = controller
      let y = event.clientY
      const rowAt = () => {
        const { top, height } = list.getBoundingClientRect()
        return Math.max(0, Math.min(Math.round(height / rowHeight), Math.round((y - top) / rowHeight)))
      }
      const end = (target: number | undefined) => {
        controller.abort()
        setDropRow(undefined)
        if (target !== undefined) onDrop(row, target)
      }
      scrollAtEdges(scroller.current, { y: () => y, onScroll: () => setDropRow(rowAt()), signal })
      const move = (moved: globalThis.PointerEvent) => {
        y = moved.clientY
        setDropRow(rowAt())
      }
      const escape = (key: KeyboardEvent) => {
        if (key.key !== 'Escape') return
        key.preventDefault()
        key.stopPropagation()
        end(undefined)
      }
      document.addEventListener('pointermove', move, { signal })
      const isOnNavigation = ({ target }: Event) => target instanceof Element && target.closest('nav') !== null
      document.addEventListener('pointerup', (up) => end(isOnNavigation(up) ? undefined : rowAt()), { signal })
      document.addEventListener('pointercancel', () => end(undefined), { signal })
      document.addEventListener('keydown', escape, { signal, capture: true })
    },
    [onDrop, scroller],
  )
  return { dropRow, grab }
}

type EdgeScroll = { readonly y: () => number; readonly onScroll: () => void; readonly signal: AbortSignal }

/** Once per frame until the signal aborts. */
const scrollAtEdges = (box: HTMLElement | null, { y, onScroll, signal }: EdgeScroll): void => {
  if (box === null) return
  const step = () => {
    if (signal.aborted) return
    const { top, bottom } = box.getBoundingClientRect()
    const by = Math.min(0, y() - top - edge) + Math.max(0, y() - bottom + edge)
    if (by !== 0) {
      box.scrollTop += Math.max(-mostPerFrame, Math.min(mostPerFrame, by / 3))
      onScroll()
    }
    requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
}
