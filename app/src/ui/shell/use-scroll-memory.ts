import { useEffect, useLayoutEffect, useRef } from 'react'
import { useLocation } from 'wouter'

/** Going back returns to where the page was left; a new page begins at its top. Remembered per history entry while the page lives. */
export const useScrollMemory = (box: { readonly current: HTMLElement | null }): void => {
  const [path] = useLocation()
  const tops = useRef(new Map<string, number>())
  const isBack = useRef(false)
  useEffect(() => {
    const pop = () => void (isBack.current = true)
    window.addEventListener('popstate', pop)
    return () => window.removeEventListener('popstate', pop)
  }, [])
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const known = tops.current
    const target = isBack.current ? (known.get(path) ?? 0) : 0
    isBack.current = false
    // The content may come later: try again while it grows, for a moment and not against the person's own scrolling.
    const stop = holdScroll(element, target)
    const remember = () => void known.set(path, element.scrollTop)
    element.addEventListener('scroll', remember, { passive: true })
    return () => {
      stop()
      element.removeEventListener('scroll', remember)
    }
  }, [box, path])
}

const holdMs = 1_500

const holdScroll = (element: HTMLElement, target: number): (() => void) => {
  element.scrollTop = target
  if (target === 0) return () => undefined
  const controller = new AbortController()
  const observer = new ResizeObserver(() => {
    element.scrollTop = target
    if (Math.abs(element.scrollTop - target) < 2) controller.abort()
  })
  const timer = setTimeout(() => controller.abort(), holdMs)
  controller.signal.addEventListener('abort', () => {
    observer.disconnect()
    clearTimeout(timer)
  })
  for (const child of element.children) observer.observe(child)
  for (const event of ['wheel', 'touchstart', 'keydown']) element.addEventListener(event, () => controller.abort(), { signal: controller.signal, passive: true })
  return () => controller.abort()
}
