import { useEffect, useLayoutEffect, useRef, type KeyboardEvent } from 'react'
import { useMainScroll } from '../state/main-scroll.tsx'
import { gridMove, type GridPlace } from './grid-move.ts'
import type { ListedTrack } from './listed-track.ts'
import { rowHeight } from './row-height.ts'
import { startsWith, typed, type Typed } from './type-ahead.ts'
import { useTrackActions } from './use-track-actions.ts'

/** Of the grid: its rows, and the row where titles begin with what was typed. */
type GridRows = {
  count: number
  at: (row: number) => ListedTrack | undefined
  find?: (prefix: string, signal: AbortSignal) => Promise<number | undefined>
}
type GridKeys = GridRows & {
  grid: { readonly current: HTMLElement | null }
  place: GridPlace
  setPlace: (place: GridPlace) => void
}

const stopsOf = (grid: HTMLElement | null, row: number): readonly HTMLElement[] => [
  ...(grid?.querySelectorAll<HTMLElement>(`[data-row="${row}"] :is([data-stop], [data-stops] :is(a, button))`) ?? []),
]

/** Keys inside the grid. Letters are type-ahead here and never reach the page's shortcuts. */
export const useGridKeys = ({ grid, count, at, find, place, setPlace }: GridKeys) => {
  const scroller = useMainScroll()
  const actions = useTrackActions()
  const wanted = useRef<GridPlace>(undefined)
  const word = useRef<Typed>({ text: '', atMs: 0 })
  const search = useRef<AbortController>(undefined)
  useEffect(() => () => search.current?.abort(), [])
  // After drawing: the row that shall have the focus exists now, perhaps without its track yet.
  useLayoutEffect(() => {
    const target = wanted.current
    if (target === undefined) return
    const stops = stopsOf(grid.current, target.row)
    const stop = stops[Math.min(target.stop, stops.length - 1)]
    if (stop === undefined) return
    stop.focus({ preventScroll: true })
    if (at(target.row) !== undefined || document.activeElement !== stop) wanted.current = undefined
  })
  const goTo = (next: GridPlace) => {
    wanted.current = next
    bringIntoView({ box: scroller.current, list: grid.current?.querySelector('[role=rowgroup]'), row: next.row })
    setPlace({ ...next })
  }
  const typeAhead = async (key: string, nowMs: number) => {
    word.current = typed(word.current, key, nowMs)
    search.current?.abort()
    const controller = new AbortController()
    search.current = controller
    const row =
      find === undefined
        ? firstMatch({ at, count, from: place.row }, word.current.text)
        : await find(word.current.text, controller.signal)
    if (row !== undefined && !controller.signal.aborted) goTo({ row, stop: 0 })
  }
  const enter = (event: KeyboardEvent, row: number) => {
    const track = at(row)
    if (track === undefined || !hasModifier(event)) return
    event.preventDefault()
    void (event.shiftKey ? actions.addToQueue(track) : actions.playNext(track))
  }
  const move = (event: KeyboardEvent, row: number): boolean => {
    const stops = stopsOf(grid.current, row)
    const stop = Math.max(
      0,
      stops.findIndex((element) => element === document.activeElement),
    )
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 560) / rowHeight) - 2)
    const next = gridMove(event.key, { row, stop }, { rows: count, stops: stops.length, page })
    // At its edges the list lets go, so that a page may lead on.
    if (next === undefined || (next.row === row && next.stop === stop && isVertical(event.key))) return false
    event.preventDefault()
    goTo(next)
    return true
  }
  return (event: KeyboardEvent) => {
    const row = Number(document.activeElement?.closest('[data-row]')?.getAttribute('data-row') ?? NaN)
    if (!Number.isInteger(row) || event.defaultPrevented) return
    if (event.key === 'Enter') enter(event, row)
    else if (hasModifier(event)) return
    else if (move(event, row)) event.stopPropagation()
    else if (isLetter(event.key)) {
      event.stopPropagation()
      void typeAhead(event.key, event.timeStamp)
    }
  }
}

const isVertical = (key: string): boolean => key === 'ArrowUp' || key === 'ArrowDown'

const hasModifier = (event: KeyboardEvent): boolean => event.metaKey || event.ctrlKey || event.altKey || event.shiftKey

const isLetter = (key: string): boolean => /^[\p{L}\p{N}]$/u.test(key)

const firstMatch = (
  { at, count, from }: { at: GridKeys['at']; count: number; from: number },
  prefix: string,
): number | undefined => {
  const start = prefix.length > 1 ? from : from + 1
  for (let step = 0; step < count; step += 1) {
    const row = (start + step) % count
    if (startsWith(at(row)?.title ?? '', prefix)) return row
  }
  return undefined
}

/** Scrolls as little as needed. */
const bringIntoView = ({
  box,
  list,
  row,
}: {
  box: HTMLElement | null
  list: Element | null | undefined
  row: number
}): void => {
  const drawn = list?.querySelector(`[data-row="${row}"]:not([style])`)
  if (drawn !== null && drawn !== undefined) {
    drawn.scrollIntoView({ block: 'nearest' })
    return
  }
  if (box === null || list === null || list === undefined) return
  const top = list.getBoundingClientRect().top - box.getBoundingClientRect().top + row * rowHeight
  if (top < rowHeight) box.scrollTop += top - rowHeight
  else if (top + rowHeight > box.clientHeight - 16) box.scrollTop += top + rowHeight - box.clientHeight + 16
}
