import type { DurationMs, UnixMs } from './instant.ts'

/** The playback position at one instant. The position now is computed from it and never stored. */
export type Anchor = {
  readonly positionMs: DurationMs
  readonly at: UnixMs
  /** 1 while playing, 0 while paused. */
  readonly rate: 0 | 1
}

/** [P1] The position in milliseconds at the instant `now`: between 0 and `durationMs`, unchanged while paused or when the clock goes back. */
export const positionAt = (anchor: Anchor, now: UnixMs, durationMs: number): number =>
  Math.min(durationMs, Math.max(0, anchor.positionMs + anchor.rate * Math.max(0, now - anchor.at)))
