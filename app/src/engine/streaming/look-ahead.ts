import type { Clock } from '../../ports/clock.ts'

/** [ST7] How far ahead of the playback position slots are sent. Browsers read up to 100 s ahead, WebKit the whole file. */
const lookAheadMs = 60_000

/** A request for a range of the file: where it starts in the music, and when it came (`Clock.elapsedMs`). */
export type Run = { readonly startMs: number; readonly beganAt: number }

/** Delays slots that are far ahead of the playback position. */
export type LookAhead = {
  /** The page reported the playback position. */
  onPosition(positionMs: number, isPlaying: boolean): void
  /** Resolves when a slot that starts at `slotStartMs` may be sent; rejects when the signal aborts. */
  admit(slotStartMs: number, run: Run, signal: AbortSignal): Promise<void>
}

/**
 * Between two reports, and where none comes (a throttled page, a restarted worker), the position is taken to move with the clock. A new request gets
 * its first minute whatever was reported before it. So a slot may be sent too early, but playback never waits for a report.
 */
export const createLookAhead = (clock: Clock): LookAhead => {
  let known: { positionMs: number; isPlaying: boolean; at: number } | undefined
  let reported = new AbortController()

  const playbackPosition = (run: Run): number => {
    const now = clock.elapsedMs()
    if (known === undefined) return run.startMs + (now - run.beganAt)
    const position = known.positionMs + (known.isPlaying ? now - known.at : 0)
    return known.at < run.beganAt ? Math.max(run.startMs, position) : position
  }

  return {
    onPosition: (positionMs, isPlaying) => {
      known = { positionMs, isPlaying, at: clock.elapsedMs() }
      reported.abort()
      reported = new AbortController()
    },
    admit: async (slotStartMs, run, signal) => {
      for (;;) {
        signal.throwIfAborted()
        const earlyMs = slotStartMs - lookAheadMs - playbackPosition(run)
        if (earlyMs <= 0) return
        // A report ends the wait early: the position is then computed anew.
        await clock
          .after(known?.isPlaying === false ? pausedCheckMs : earlyMs, AbortSignal.any([signal, reported.signal]))
          .catch(() => undefined)
      }
    },
  }
}

/** While paused the position stands still; a report or a cancelled request ends the wait long before this. */
const pausedCheckMs = 30_000
