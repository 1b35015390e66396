import type { UnixMs } from '@tonestead/crdt/instant'

/** The clock and timers, as a dependency. */
export type Clock = {
  now(): UnixMs
  /** Monotonic milliseconds, for measuring; the zero is arbitrary. */
  elapsedMs(): number
  /** Resolves after this many milliseconds; rejects with the signal's reason when it aborts. */
  after(ms: number, signal: AbortSignal): Promise<void>
  /** Calls `task` at this interval until the returned function is called. */
  every(ms: number, task: () => void): () => void
}
