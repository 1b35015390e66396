import type { Readable } from './readable.ts'

/** A readable that its owner changes. */
export type Cell<T> = Readable<T> & {
  set(value: T): void
  /** How many listen. */
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
      // One function may listen twice, so each subscription is an own object.
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
