import type { DurationMs, UnixMs } from './instant.ts'

/** Where playback was at an instant; where it is now is computed, never stored. */
export type Anchor = {
  readonly positionMs: DurationMs
  readonly at: UnixMs
  /** 1 while sounding, 0 while paused. */
  readonly rate: 0 | 1
}

/** [P1] The position at an instant: never before the start, never after the end, and not moving while paused. */
export const positionAt = (anchor: Anchor, now: UnixMs, durationMs: number): number =>
  Math.min(durationMs, Math.max(0, anchor.positionMs + anchor.rate * Math.max(0, now - anchor.at)))
