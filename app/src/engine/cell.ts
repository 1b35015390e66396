import type { Readable } from './readable.ts'

/** A readable value that its owner can set. */
export type Cell<T> = Readable<T> & {
  set(value: T): void
  /** The number of listeners. */
  listeners(): number
}

export const createCell = <T>(initial: T, onListeners?: (count: number) => void): Cell<T> => {
  let current = initial
  const listeners = new Set<() => void>()
  return {
    get: () => current,
    set: (value) => {
      if (Object.is(value, current)) return
      current = value
      for (const listener of [...listeners]) listener()
    },
    subscribe: (listener) => {
      // One function may subscribe twice, so each subscription has a function of its own.
      const own = (): void => listener()
      listeners.add(own)
      onListeners?.(listeners.size)
      return () => {
        if (listeners.delete(own)) onListeners?.(listeners.size)
      }
    },
    listeners: () => listeners.size,
  }
}
