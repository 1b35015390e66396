import { useRef, useState, type PointerEvent } from 'react'

type Grabbed = { readonly id: string; readonly index: number; readonly onDrop: (index: number) => void }
export type QueueDrag = {
  readonly draggedId: string | undefined
  /** Distance from its place, in pixels. */ readonly shift: number
  grab(grabbed: Grabbed): (event: PointerEvent<HTMLElement>) => void
}

const rowHeight = 56

/** Drags rows of equal height inside their list. Buttons can do the same (WCAG 2.5.7). */
export const useQueueDrag = (list: { readonly current: HTMLElement | null }): QueueDrag => {
  const [dragged, setDragged] = useState<{ id: string; shift: number }>()
  const stop = useRef<AbortController>(undefined)
  const grab = (grabbed: Grabbed) => (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || list.current === null) return
    event.preventDefault()
    const rows = list.current.children.length
    const box = list.current.getBoundingClientRect()
    const place = Math.floor((event.clientY - box.top) / rowHeight)
    const fromY = event.clientY
    const controller = new AbortController()
    stop.current?.abort()
    stop.current = controller
    const shiftAt = (y: number) => Math.max(-place * rowHeight, Math.min((rows - 1 - place) * rowHeight, y - fromY))
    const end = (index: number | undefined) => {
      controller.abort()
      setDragged(undefined)
      if (index !== undefined && index !== grabbed.index) grabbed.onDrop(index)
    }
    setDragged({ id: grabbed.id, shift: 0 })
    const { signal } = controller
    document.addEventListener('pointermove', (move) => setDragged({ id: grabbed.id, shift: shiftAt(move.clientY) }), {
      signal,
    })
    document.addEventListener('pointerup', (up) => end(grabbed.index + Math.round(shiftAt(up.clientY) / rowHeight)), {
      signal,
    })
    document.addEventListener('pointercancel', () => end(undefined), { signal })
  }
  return { draggedId: dragged?.id, shift: dragged?.shift ?? 0, grab }
}
