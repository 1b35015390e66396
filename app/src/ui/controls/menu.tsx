import type { LucideIcon } from 'lucide-react'
import { useEffectEvent, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { createPortal } from 'react-dom'
import { Icon } from './icon.tsx'
import { IconButton } from './icon-button.tsx'
import css from './menu.module.css'

export type MenuItem = {
  readonly label: string
  readonly icon: LucideIcon
  readonly onSelect: () => void
  readonly startsGroup?: boolean
}

type MenuButtonProps = {
  label: string
  icon: LucideIcon
  /** Called when the menu opens. */ items: () => readonly MenuItem[]
  tabIndex?: number
  className?: string | undefined
  look?: 'plain' | 'small'
}

/** A menu button by the ARIA pattern: arrows, Home, End, first letters and Escape move in it or close it; Tab leaves it. */
export const MenuButton = ({ label, icon, items, tabIndex, className, look = 'small' }: MenuButtonProps) => {
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const close = (returnsFocus: boolean) => {
    setOpen(false)
    if (returnsFocus) button.current?.focus()
  }
  return (
    <>
      <IconButton
        ref={button}
        label={label}
        icon={icon}
        look={look}
        className={className}
        tabIndex={tabIndex}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={(event) => {
          event.stopPropagation()
          setOpen(!isOpen)
        }}
      />
      {isOpen ? <MenuList id={id} label={label} anchor={button} items={items()} onClose={close} /> : undefined}
    </>
  )
}

type MenuListProps = {
  id: string
  label: string
  anchor: { readonly current: HTMLElement | null }
  items: readonly MenuItem[]
  onClose: (returnsFocus: boolean) => void
}

const MenuList = ({ id, label, anchor, items, onClose }: MenuListProps) => {
  const list = useRef<HTMLDivElement>(null)
  const onLeave = useEffectEvent(onClose)
  useLayoutEffect(() => {
    const menu = list.current
    if (menu === null || anchor.current === null) return
    menu.showPopover()
    const opened = anchor.current.getBoundingClientRect()
    place(menu, opened)
    buttonsOf(menu)[0]?.focus({ preventScroll: true })
    const leaveOutside = (event: Event) => {
      const isInside =
        event.target instanceof Node && (menu.contains(event.target) || anchor.current?.contains(event.target) === true)
      if (!isInside) onLeave(false)
    }
    // `scroll` comes a frame late: that of a scroll before the press must not close the menu.
    const leaveMoved = (event: Event) => {
      const now = anchor.current?.getBoundingClientRect()
      if (now?.top !== opened.top || now.left !== opened.left) leaveOutside(event)
    }
    const controller = new AbortController()
    document.addEventListener('pointerdown', leaveOutside, { capture: true, signal: controller.signal })
    document.addEventListener('scroll', leaveMoved, { capture: true, signal: controller.signal })
    window.addEventListener('resize', () => onLeave(false), { signal: controller.signal })
    return () => controller.abort()
  }, [anchor])
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault()
      return void onClose(true)
    }
    const buttons = buttonsOf(list.current)
    const target = nextMenuItem({
      key: event.key,
      at: buttons.findIndex((button) => button === document.activeElement),
      labels: items.map((item) => item.label),
    })
    if (target === undefined) return
    event.preventDefault()
    buttons[target]?.focus()
  }
  const select = (item: MenuItem) => {
    onClose(true)
    item.onSelect()
  }
  // Rendered beside its button: a modal dialog makes everything outside of it inert.
  const container = anchor.current?.closest('dialog, main, aside, section[aria-label], nav') ?? document.body
  return createPortal(
    <div
      ref={list}
      id={id}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      className={css['menu']}
      popover="manual"
      onKeyDown={onKeyDown}
    >
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={css['item']}
          data-group-start={item.startsGroup === true ? '' : undefined}
          onClick={() => select(item)}
        >
          <Icon of={item.icon} size={18} />
          {item.label}
        </button>
      ))}
    </div>,
    container,
  )
}

const buttonsOf = (menu: HTMLElement | null): readonly HTMLButtonElement[] => [
  ...(menu?.querySelectorAll('button') ?? []),
]

/** The item that a key moves to; undefined when the menu does not handle the key. */
export const nextMenuItem = ({
  key,
  at,
  labels,
}: {
  key: string
  at: number
  labels: readonly string[]
}): number | undefined => {
  const count = labels.length
  if (key === 'ArrowDown') return (at + 1) % count
  if (key === 'ArrowUp') return (at - 1 + count) % count
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  if (key.length !== 1 || key === ' ') return undefined
  const order = labels.map((_, index) => (at + 1 + index) % count)
  return order.find((index) => labels[index]?.toLowerCase().startsWith(key.toLowerCase()) === true)
}

/** Below the button and aligned with its end; above it or shifted where the window has no room. */
const place = (menu: HTMLElement, button: DOMRect): void => {
  const { width, height } = menu.getBoundingClientRect()
  const left = Math.max(8, Math.min(button.right - width, innerWidth - width - 8))
  const below = button.bottom + 4
  const top = below + height > innerHeight - 8 ? Math.max(8, button.top - height - 4) : below
  menu.style.left = `${left}px`
  menu.style.top = `${top}px`
}
