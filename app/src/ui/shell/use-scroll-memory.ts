import { useLayoutEffect, useRef } from 'react'
import { useLocation } from 'wouter'

/** Going back restores the scroll position of the page; a new page starts at its top. Positions are kept in memory, one per path. */
export const useScrollMemory = (box: { readonly current: HTMLElement | null }): void => {
  const [path] = useLocation()
  const tops = useRef(new Map<string, number>())
  const isBack = useRef(false)
  // Registered before the router's own listener, which renders the new page at once.
  useLayoutEffect(() => {
    const onPopState = () => void (isBack.current = true)
    window.addEventListener('popstate', onPopState)
    return () => window.removeEventListener('popstate', onPopState)
  }, [])
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const known = tops.current
    const target = isBack.current ? (known.get(path) ?? 0) : 0
    isBack.current = false
    // The content may come later: try again for a moment while it grows, until the person scrolls.
    const { stop, isHeld } = holdScroll(element, target)
    const remember = () => {
      if (!isHeld()) known.set(path, element.scrollTop)
    }
    element.addEventListener('scroll', remember, { passive: true })
    return () => {
      stop()
      element.removeEventListener('scroll', remember)
    }
  }, [box, path])
}

const holdMs = 4_000
const everyMs = 50

const holdScroll = (element: HTMLElement, target: number): { stop: () => void; isHeld: () => boolean } => {
  element.scrollTop = target
  if (target === 0) return { stop: () => undefined, isHeld: () => false }
  const controller = new AbortController()
  const { signal } = controller
  const timer = setInterval(() => {
    element.scrollTop = target
    if (Math.abs(element.scrollTop - target) < 2) controller.abort()
  }, everyMs)
  const end = setTimeout(() => controller.abort(), holdMs)
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    clearTimeout(end)
  })
  for (const event of ['wheel', 'touchstart', 'keydown', 'pointerdown'])
    element.addEventListener(event, () => controller.abort(), { signal, passive: true })
  return { stop: () => controller.abort(), isHeld: () => !signal.aborted }
}
