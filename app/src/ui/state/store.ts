import type { Readable } from '../../engine/readable.ts'

export type Store<T> = Readable<T> & {
  readonly set: (value: T) => void
  readonly change: (change: (value: T) => T) => void
}

/** A value of the UI's own state, such as open panels and toasts. */
export const createStore = <T>(initial: T): Store<T> => {
  let value = initial
  const listeners = new Set<() => void>()
  const set = (next: T): void => {
    if (Object.is(next, value)) return
    value = next
    for (const listener of [...listeners]) listener()
  }
  return {
    get: () => value,
    set,
    change: (change) => set(change(value)),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
