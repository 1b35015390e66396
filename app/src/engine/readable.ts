/** A value that changes over time: what the UI shows. `get` returns the same object until something changed. */
export type Readable<T> = {
  readonly get: () => T
  /** Calls `listener` after every change; returns the unsubscribe. */
  readonly subscribe: (listener: () => void) => () => void
}
