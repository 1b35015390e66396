import { useEffect, useEffectEvent, type KeyboardEvent as ReactKeyboardEvent, type RefObject } from 'react'
import { searchField } from '../state/search-field.ts'
import { lineMove } from './line-move.ts'

// The page marks its lines with data-line ("row" or "column") and the focusable elements in them with data-line-stop. A track grid is a line
// whose stops are its Play buttons; it handles its keys itself, except at its edges.

const stopsOf = (line: Element): readonly HTMLElement[] => [
  ...line.querySelectorAll<HTMLElement>(':is([data-line-stop], [data-play])'),
]

const linesOf = (area: HTMLElement | null): readonly HTMLElement[] =>
  [...(area?.querySelectorAll<HTMLElement>('[data-line]') ?? [])].filter((line) => stopsOf(line).length > 0)

type Area = RefObject<HTMLElement | null>

/** Moves the focus to the first suggestion or hit; false when there is none. */
export const focusFirstLine = (area: Area): boolean => {
  const stop = linesOf(area.current).flatMap(stopsOf)[0]
  stop?.focus()
  return stop !== undefined
}

/** Arrow keys move the focus from the search field into the results, through them and back. Returns the key handler of the results. */
export const useResultKeys = (area: Area): ((event: ReactKeyboardEvent) => void) => {
  const onFieldKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    if (event.key === 'ArrowDown' && focusFirstLine(area)) event.preventDefault()
  })
  useEffect(() => {
    const field = searchField()
    const listen = (event: KeyboardEvent) => onFieldKey(event)
    field?.addEventListener('keydown', listen)
    return () => field?.removeEventListener('keydown', listen)
  }, [])
  return (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const target = targetOf(event.key, linesOf(area.current))
    if (target === undefined) return
    event.preventDefault()
    target.focus()
  }
}

const targetOf = (key: string, lines: readonly HTMLElement[]): HTMLElement | undefined => {
  const focused = document.activeElement
  const line = lines.findIndex((one) => one.contains(focused))
  const here = lines[line]
  if (here === undefined) return undefined
  const stop = Math.max(
    0,
    stopsOf(here).findIndex((one) => one === focused || one.closest('[role=row]')?.contains(focused) === true),
  )
  const next = lineMove(
    key,
    { line, stop },
    lines.map((one) => ({ stops: stopsOf(one).length, isRow: one.dataset['line'] === 'row' })),
  )
  if (next === 'field') return searchField()
  const nextLine = next === undefined ? undefined : lines[next.line]
  return next === undefined || nextLine === undefined ? undefined : stopsOf(nextLine)[next.stop]
}
