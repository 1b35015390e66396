import type { Clock } from '../../ports/clock.ts'

/** How far ahead of the ear slots go out. Browsers read up to 100 s ahead, WebKit the whole file. */
const lookAheadMs = 60_000

/** A request for a stretch of the file: where it begins in the music, and when it came (`Clock.elapsedMs`). */
export type Run = { readonly startMs: number; readonly beganAt: number }

/** Holds slots back that are far ahead of the position. */
export type LookAhead = {
  /** The page says where its ear is. */
  onPosition(positionMs: number, isPlaying: boolean): void
  /** Resolves when a slot that begins at `slotStartMs` may go out; rejects when the signal aborts. */
  admit(slotStartMs: number, run: Run, signal: AbortSignal): Promise<void>
}

/**
 * Between two positions, and where none ever comes (a page that is throttled, a worker that was restarted), the ear is taken to go on with the clock,
 * and a request gets its first minute whatever was said before it: a slot may go out early, and is never starved.
 */
export const createLookAhead = (clock: Clock): LookAhead => {
  let known: { positionMs: number; isPlaying: boolean; at: number } | undefined
  let news = new AbortController()

  const ear = (run: Run): number => {
    const now = clock.elapsedMs()
    if (known === undefined) return run.startMs + (now - run.beganAt)
    const position = known.positionMs + (known.isPlaying ? now - known.at : 0)
    return known.at < run.beganAt ? Math.max(run.startMs, position) : position
  }

  return {
    onPosition: (positionMs, isPlaying) => {
      known = { positionMs, isPlaying, at: clock.elapsedMs() }
      news.abort()
      news = new AbortController()
    },
    admit: async (slotStartMs, run, signal) => {
      for (;;) {
        signal.throwIfAborted()
        const earlyMs = slotStartMs - lookAheadMs - ear(run)
        if (earlyMs <= 0) return
        await clock
          .after(known?.isPlaying === false ? pausedLookMs : earlyMs, AbortSignal.any([signal, news.signal]))
          .catch(() => undefined)
      }
    },
  }
}

/** While paused the ear stands, and a position or a cancelled request ends the wait long before this. */
const pausedLookMs = 30_000
