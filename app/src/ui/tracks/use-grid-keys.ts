import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type RefObject } from 'react'
import { useMainScroll } from '../state/main-scroll.tsx'
import { unlessAborted } from '../state/unless-aborted.ts'
import type { GridEditing } from './grid-editing.ts'
import { gridMove, type GridPlace } from './grid-move.ts'
import type { ListedTrack } from './listed-track.ts'
import { rowHeight } from './row-height.ts'
import { startsWith, typed, type Typed } from './type-ahead.ts'
import { useTrackActions } from './use-track-actions.ts'

/** The rows of a grid. `find`: the row where the titles that start with `prefix` begin; without it only loaded rows are searched. */
type GridRows = {
  count: number
  at: (row: number) => ListedTrack | undefined
  find?: (prefix: string, signal: AbortSignal) => Promise<number | undefined>
}
type GridKeys = GridRows & {
  grid: RefObject<HTMLElement | null>
  place: GridPlace
  setPlace: (place: GridPlace) => void
  editing?: GridEditing | undefined
}

const stopsOf = (grid: HTMLElement | null, row: number): readonly HTMLElement[] => [
  ...(grid?.querySelectorAll<HTMLElement>(`[data-row="${row}"] :is([data-stop], [data-stops] :is(a, button))`) ?? []),
]

/** The handler of keys inside the grid. Letters are type-ahead here and never reach the page's shortcuts. */
export const useGridKeys = ({
  grid,
  place,
  setPlace,
  editing,
  ...rows
}: GridKeys): ((event: KeyboardEvent) => void) => {
  const { count, at } = rows
  const scroller = useMainScroll()
  const queueTrack = useQueueKey(at)
  const goTo = useGridFocus({ grid, at, setPlace })
  const typeAhead = useTypeAhead(rows, place.row, goTo)
  /** False when the key does not move the focus: at its edges the grid leaves the key to the page. */
  const move = (event: KeyboardEvent, row: number): boolean => {
    const stops = stopsOf(grid.current, row)
    const stop = Math.max(
      0,
      stops.findIndex((element) => element === document.activeElement),
    )
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 560) / rowHeight) - 2)
    const next = gridMove(event.key, { row, stop }, { rows: count, stops: stops.length, page })
    if (next === undefined || (next.row === row && next.stop === stop && isVertical(event.key))) return false
    event.preventDefault()
    goTo(next)
    return true
  }
  return (event) => {
    const row = Number(document.activeElement?.closest('[data-row]')?.getAttribute('data-row') ?? NaN)
    if (!Number.isInteger(row) || event.defaultPrevented) return
    if (editing?.onKey(event, row, goTo) === true) {
      event.preventDefault()
      event.stopPropagation()
    } else if (event.key === 'Enter') queueTrack(event, row)
    else if (hasModifier(event)) return
    else if (move(event, row)) event.stopPropagation()
    else if (isLetter(event.key)) {
      event.stopPropagation()
      void typeAhead(event.key, event.timeStamp)
    }
  }
}

/** Enter with a modifier puts the track into the queue. Enter alone is left to the focused button or link. */
const useQueueKey = (at: GridRows['at']) => {
  const actions = useTrackActions()
  return (event: KeyboardEvent, row: number): void => {
    const track = at(row)
    if (track === undefined || !hasModifier(event)) return
    event.preventDefault()
    void (event.shiftKey ? actions.addToQueue(track) : actions.playNext(track))
  }
}

/** Moves the focus to a place that may not be drawn yet. */
const useGridFocus = ({ grid, at, setPlace }: Pick<GridKeys, 'grid' | 'at' | 'setPlace'>) => {
  const scroller = useMainScroll()
  const target = useRef<GridPlace>(undefined)
  // After drawing: the target row is in the page now, perhaps still without its track.
  useLayoutEffect(() => {
    if (target.current === undefined) return
    const { row, stop: wantedStop } = target.current
    const stops = stopsOf(grid.current, row)
    const stop = stops[Math.min(wantedStop, stops.length - 1)]
    if (stop === undefined) return
    stop.focus({ preventScroll: true })
    if (at(row) !== undefined || document.activeElement !== stop) target.current = undefined
  })
  return (next: GridPlace): void => {
    target.current = next
    bringIntoView({ box: scroller.current, list: grid.current?.querySelector('[role=rowgroup]'), row: next.row })
    setPlace({ ...next })
  }
}

/** Typed letters move the focus to the next title that starts with them. */
const useTypeAhead = ({ count, at, find }: GridRows, from: number, goTo: (place: GridPlace) => void) => {
  const prefix = useRef<Typed>({ text: '', atMs: 0 })
  const request = useRef<AbortController>(undefined)
  useEffect(() => () => request.current?.abort(), [])
  return async (key: string, nowMs: number): Promise<void> => {
    prefix.current = typed(prefix.current, key, nowMs)
    request.current?.abort()
    const controller = new AbortController()
    request.current = controller
    const { text } = prefix.current
    const row =
      find === undefined
        ? firstMatch({ at, count, from }, text)
        : await unlessAborted(find(text, controller.signal), controller.signal)
    if (row !== undefined) goTo({ row, stop: 0 })
  }
}

const isVertical = (key: string): boolean => key === 'ArrowUp' || key === 'ArrowDown'

const hasModifier = (event: KeyboardEvent): boolean => event.metaKey || event.ctrlKey || event.altKey || event.shiftKey

const isLetter = (key: string): boolean => /^[\p{L}\p{N}]$/u.test(key)

const firstMatch = (
  { at, count, from }: { at: GridRows['at']; count: number; from: number },
  prefix: string,
): number | undefined => {
  const start = prefix.length > 1 ? from : from + 1
  for (let step = 0; step < count; step += 1) {
    const row = (start + step) % count
    if (startsWith(at(row)?.title ?? '', prefix)) return row
  }
  return undefined
}

/** Scrolls by the smallest amount that shows the row. */
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
