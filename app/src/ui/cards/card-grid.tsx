import { useEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react'
import { useMainScroll } from '../state/main-scroll.tsx'
import { SkeletonBlock } from '../controls/skeleton.tsx'
import { windowRange } from '../state/window-range.ts'
import css from './card-grid.module.css'

type CardGridProps<T> = {
  label: string
  count: number
  at: (index: number) => T | undefined
  keyOf: (item: T) => string
  draw: (item: T) => ReactNode
  onShow: (first: number, last: number) => void
}

const smallest = 160
const gap = 24
// Two lines of text and the space below.
const captionHeight = 62
const margin = 2

/** Cards in rows; only the visible rows are rendered. */
export const CardGrid = <T,>({ label, count, at, keyOf, draw, onShow }: CardGridProps<T>) => {
  const list = useRef<HTMLUListElement>(null)
  const { columns, rowHeight, cardWidth, first, last } = useVisibleCards(list, count)
  useEffect(() => {
    if (last >= 0) onShow(first * columns, Math.min(count - 1, (last + 1) * columns - 1))
  }, [onShow, first, last, columns, count])
  const from = first * columns
  const drawn = Math.max(0, Math.min(count, (last + 1) * columns) - from)
  return (
    <ul
      ref={list}
      aria-label={label}
      className={css['grid']}
      style={{ height: Math.ceil(count / columns) * rowHeight }}
    >
      {Array.from({ length: drawn }, (_, offset) => {
        const index = from + offset
        const item = at(index)
        const style: CSSProperties = {
          width: cardWidth,
          transform: `translate(${(index % columns) * (cardWidth + gap)}px, ${Math.floor(index / columns) * rowHeight}px)`,
        }
        return (
          <li
            key={item === undefined ? index : keyOf(item)}
            className={css['cell']}
            style={style}
            aria-setsize={count}
            aria-posinset={index + 1}
          >
            {item === undefined ? <CardSkeleton /> : draw(item)}
          </li>
        )
      })}
    </ul>
  )
}

const CardSkeleton = () => (
  <div className={css['skeleton']}>
    <SkeletonBlock className={css['square']} />
    <SkeletonBlock width="80%" height="14px" />
    <SkeletonBlock width="50%" height="12px" />
  </div>
)

const useVisibleCards = (list: { readonly current: HTMLElement | null }, count: number) => {
  const scroller = useMainScroll()
  const [shape, setShape] = useState({
    columns: 1,
    cardWidth: smallest,
    rowHeight: smallest + captionHeight,
    first: 0,
    last: -1,
  })
  useEffect(() => {
    const box = scroller.current
    const element = list.current
    if (box === null || element === null) return
    const measure = () => {
      const width = element.clientWidth
      const columns = Math.max(2, Math.floor((width + gap) / (smallest + gap)))
      const cardWidth = Math.floor((width - gap * (columns - 1)) / columns)
      const rowHeight = cardWidth + captionHeight + gap
      const top = box.getBoundingClientRect().top - element.getBoundingClientRect().top
      const range = windowRange(
        { top: Math.max(0, top), height: box.clientHeight, rowHeight, count: Math.ceil(count / columns) },
        margin,
      )
      setShape((before) =>
        before.first === range.first &&
        before.last === range.last &&
        before.cardWidth === cardWidth &&
        before.columns === columns
          ? before
          : { columns, cardWidth, rowHeight, ...range },
      )
    }
    measure()
    box.addEventListener('scroll', measure, { passive: true })
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    observer.observe(box)
    return () => {
      box.removeEventListener('scroll', measure)
      observer.disconnect()
    }
  }, [scroller, list, count])
  return shape
}
