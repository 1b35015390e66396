import type { UnixMs } from '@tonestead/crdt/instant'

export type Clock = {
  now(): UnixMs
  /** Resolves after so many milliseconds; rejects at once when the signal aborts. */
  after(ms: number, signal: AbortSignal): Promise<void>
}
