import { useSyncExternalStore } from 'react'

export type FrameKind = 'phone' | 'tablet' | 'desktop'

const desktop = '(width >= 1024px)'
const tablet = '(width >= 640px)'

const subscribe = (listener: () => void): (() => void) => {
  const queries = [matchMedia(desktop), matchMedia(tablet)]
  for (const query of queries) query.addEventListener('change', listener)
  return () => {
    for (const query of queries) query.removeEventListener('change', listener)
  }
}
const read = (): FrameKind => {
  if (matchMedia(desktop).matches) return 'desktop'
  return matchMedia(tablet).matches ? 'tablet' : 'phone'
}

/** The layout for the width of the window; tokens.css has the same breakpoints. */
export const useFrameKind = (): FrameKind => useSyncExternalStore(subscribe, read)
