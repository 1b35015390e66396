import { useEffect, useEffectEvent, useRef, type CSSProperties, type KeyboardEvent } from 'react'
import { classNames } from '../state/class-names.ts'
import css from './range.module.css'

type RangeProps = {
  label: string
  value: number
  max: number
  valueText: string
  /** The steps of the arrow keys and of PageUp and PageDown, in units of `value`. */
  steps: { readonly arrow: number; readonly page: number }
  /** The exact value at a key press; `value` may be a moment old. */
  now?: () => number
  isDisabled?: boolean
  className?: string | undefined
  /** Called while dragging; `onCommit` is called on release. Keys commit at once. */
  onDrag?: (value: number) => void
  onCommit: (value: number) => void
}

/** The slider of the browser with our own steps. */
export const Range = ({
  label,
  value,
  max,
  valueText,
  steps,
  now,
  isDisabled = false,
  className,
  onDrag,
  onCommit,
}: RangeProps) => {
  const field = useRef<HTMLInputElement>(null)
  // The native `change` event comes on release, or when assistive technology sets the value; React's onChange is the `input` event.
  const onRelease = useEffectEvent(() => field.current && onCommit(field.current.valueAsNumber))
  useEffect(() => {
    const input = field.current
    const commit = () => void onRelease()
    input?.addEventListener('change', commit)
    return () => input?.removeEventListener('change', commit)
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    const target = rangeTarget({ key: event.key, value: now?.() ?? value, max, steps })
    if (target === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    event.preventDefault()
    event.stopPropagation()
    onCommit(target)
  }
  const share = max > 0 ? Math.min(1, value / max) : 0
  return (
    <input
      ref={field}
      type="range"
      className={classNames(css['range'], className)}
      aria-label={label}
      aria-valuetext={valueText}
      min={0}
      max={Math.max(1, max)}
      step="any"
      value={value}
      disabled={isDisabled}
      style={{ '--share': `${share * 100}%` } as CSSProperties}
      onKeyDown={onKeyDown}
      onChange={(event) => (onDrag ?? onCommit)(event.target.valueAsNumber)}
    />
  )
}

/** The value that a key moves the slider to; undefined when the slider does not handle the key. */
export const rangeTarget = ({
  key,
  value,
  max,
  steps,
}: {
  key: string
  value: number
  max: number
  steps: RangeProps['steps']
}): number | undefined => {
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: steps.arrow,
    ArrowUp: steps.arrow,
    ArrowLeft: -steps.arrow,
    ArrowDown: -steps.arrow,
    PageUp: steps.page,
    PageDown: -steps.page,
    Home: -Infinity,
    End: Infinity,
  }
  const move = moves[key]
  return move === undefined ? undefined : Math.max(0, Math.min(max, value + move))
}
