import type { UnixMs } from '@tonestead/crdt/instant'

/** Time, as a port so that tests can set it. */
export type Clock = {
  /** Milliseconds since 1970; may jump when the system's clock is set. */
  now(): UnixMs
  /** Resolves after so many milliseconds; rejects at once when the signal aborts. */
  after(ms: number, signal: AbortSignal): Promise<void>
}
