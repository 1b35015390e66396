import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useMainScroll } from '../state/main-scroll.tsx'
import { classNames } from '../state/class-names.ts'
import { usePlayerView } from '../state/services-context.tsx'
import { useFrameKind } from '../state/use-frame-kind.ts'
import { windowRange } from '../state/window-range.ts'
import type { GridEditing } from './grid-editing.ts'
import type { ListedTrack } from './listed-track.ts'
import type { GridPlace } from './grid-move.ts'
import { TrackRow, type RowLook } from './track-row.tsx'
import { useGridKeys } from './use-grid-keys.ts'
import { rowHeight } from './row-height.ts'
import hidden from '../controls/visually-hidden.module.css'
import css from './track-grid.module.css'

export type TrackGridProps = {
  label: string
  count: number
  at: (row: number) => ListedTrack | undefined
  look: RowLook
  onPlay: (row: number) => void
  /** With it only the visible rows are rendered, and it gets their range. Without it all rows are rendered. */
  onShow?: (first: number, last: number) => void
  /** Finds the first row whose title starts with a prefix. Without it only the loaded rows are searched. */
  find?: (prefix: string, signal: AbortSignal) => Promise<number | undefined>
  /** A heading row before a row, such as "Disc 2". */
  headingBefore?: (row: number) => ReactNode
  markedId?: string | undefined
  /** The key of a row is its track, else its number. */
  isByTrack?: boolean
  /** There may be more rows than `count`. */
  hasMore?: boolean
  /** Rows can be selected, moved and removed. */
  editing?: GridEditing | undefined
}

/** Tracks as an ARIA grid with one tab stop, arrow keys and rows of equal height. */
export const TrackGrid = (props: TrackGridProps) => {
  const { label, count, at, look, onPlay, onShow, headingBefore, markedId, editing } = props
  const { isByTrack = false, hasMore = false } = props
  const grid = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState<GridPlace>({ row: 0, stop: 0 })
  const range = useVisibleRows({ grid, count: onShow === undefined ? 0 : count })
  const onKeyDown = useGridKeys({ ...props, grid, place, setPlace })
  useEffect(() => {
    if (onShow !== undefined && count > 0) onShow(range.first, range.last)
  }, [onShow, range.first, range.last, count])
  const { current, state } = usePlayerView()
  const playStateOf = (track: ListedTrack | undefined) =>
    track === undefined || track.id !== current?.id
      ? undefined
      : state.kind === 'playing' || state.kind === 'loading'
        ? 'playing'
        : 'paused'
  const isDraggable = useFrameKind() === 'desktop'
  const isWindowed = onShow !== undefined
  const rows = rowsToDraw(isWindowed ? range : { first: 0, last: count - 1 }, Math.min(place.row, count - 1))
  const stopRow = rows.includes(place.row) ? place.row : rows[0]
  return (
    <div
      ref={grid}
      role="grid"
      aria-label={label}
      aria-rowcount={hasMore ? -1 : count + 1}
      aria-colcount={columnsOf(look)}
      aria-multiselectable={editing && true}
      className={gridClass(look, editing)}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        const row = Number(event.target.closest('[data-row]')?.getAttribute('data-row') ?? NaN)
        if (Number.isInteger(row) && row !== place.row) setPlace({ row, stop: 0 })
      }}
    >
      <HeadRow look={look} />
      <div role="rowgroup" className={css['rows']} style={isWindowed ? { height: count * rowHeight } : undefined}>
        <DropMark row={editing?.dropRow} />
        {rows.map((row) => {
          const track = at(row)
          const heading = headingBefore?.(row)
          const drawn = (
            <TrackRow
              key={isByTrack ? (track?.id ?? row) : row}
              row={row}
              top={isWindowed ? row * rowHeight : undefined}
              track={track}
              look={look}
              playState={playStateOf(track)}
              isStop={row === stopRow}
              isDraggable={isDraggable}
              isMarked={track !== undefined && track.id === markedId}
              onPlay={onPlay}
              editing={editing?.row}
              isSelected={editing?.isSelected(row)}
            />
          )
          return heading === undefined
            ? drawn
            : [
                <div key={`heading${row}`} role="row" className={css['heading']}>
                  <span role="gridcell" aria-colspan={4}>
                    {heading}
                  </span>
                </div>,
                drawn,
              ]
        })}
      </div>
    </div>
  )
}

const gridClass = (look: RowLook, editing: GridEditing | undefined): string =>
  classNames(
    css['grid'],
    look.hasRelease && css['wide'],
    look.hasAdded === true && css['dated'],
    look.lead === 'number' && css['numbered'],
    editing?.row.grab !== undefined && css['movable'],
  )

/** Where the dragged rows would go. */
const DropMark = ({ row }: { row: number | undefined }) =>
  row === undefined ? undefined : (
    <div className={css['drop']} style={{ transform: `translateY(${row * rowHeight}px)` }} aria-hidden="true" />
  )

const columnsOf = ({ hasRelease, hasAdded = false }: RowLook): number => 4 + Number(hasRelease) + Number(hasAdded)

const HeadRow = ({ look }: { look: RowLook }) => (
  <div role="row" aria-rowindex={1} className={classNames(css['row'], css['headrow'])}>
    <span role="columnheader" className={css['lead']}>
      {look.lead === 'number' ? (
        <>
          <span aria-hidden="true">#</span>
          <span className={hidden['visuallyHidden']}>Number</span>
        </>
      ) : (
        <span className={hidden['visuallyHidden']}>Play</span>
      )}
    </span>
    <span role="columnheader" className={css['name']}>
      Title
    </span>
    {look.hasRelease ? (
      <span role="columnheader" className={css['release']}>
        Release
      </span>
    ) : undefined}
    {look.hasAdded === true ? (
      <span role="columnheader" className={css['added']}>
        Added
      </span>
    ) : undefined}
    <span role="columnheader" className={css['time']}>
      Time
    </span>
    <span role="columnheader" className={css['more']}>
      <span className={hidden['visuallyHidden']}>Actions</span>
    </span>
  </div>
)

/** The visible rows and the row with the focus, so that scrolling never removes the focused element. */
const rowsToDraw = (range: { first: number; last: number }, focusRow: number): readonly number[] => {
  const rows = Array.from({ length: Math.max(0, range.last - range.first + 1) }, (_, index) => range.first + index)
  if (focusRow >= 0 && focusRow < range.first) return [focusRow, ...rows]
  return focusRow > range.last ? [...rows, focusRow] : rows
}

const margin = 8

const useVisibleRows = ({ grid, count }: { grid: { readonly current: HTMLElement | null }; count: number }) => {
  const scroller = useMainScroll()
  const [range, setRange] = useState({ first: 0, last: -1 })
  useEffect(() => {
    const box = scroller.current
    if (box === null || count === 0) return
    const measure = () => {
      const list = grid.current?.querySelector('[role=rowgroup]')
      if (list === null || list === undefined) return
      const top = box.getBoundingClientRect().top - list.getBoundingClientRect().top
      const next = windowRange({ top: Math.max(0, top), height: box.clientHeight, rowHeight, count }, margin)
      setRange((before) => (before.first === next.first && before.last === next.last ? before : next))
    }
    measure()
    box.addEventListener('scroll', measure, { passive: true })
    const observer = new ResizeObserver(measure)
    observer.observe(box)
    return () => {
      box.removeEventListener('scroll', measure)
      observer.disconnect()
    }
  }, [scroller, grid, count])
  return range
}
