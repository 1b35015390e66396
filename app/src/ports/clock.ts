import type { UnixMs } from '@tonestead/crdt/instant'

/** Time, as an argument. */
export type Clock = {
  now(): UnixMs
  /** Milliseconds that only go forward, for measuring; the start is arbitrary. */
  elapsedMs(): number
  /** Resolves after so many milliseconds; rejects with the signal's reason at once when it aborts. */
  after(ms: number, signal: AbortSignal): Promise<void>
  /** Calls `task` again and again until the returned function is called. */
  every(ms: number, task: () => void): () => void
}
