import type { Clock } from '../ports/clock.ts'

/** Work that nobody waits for, such as caching the app for offline use, starts this long after playback started, or after the page started. */
export const quietAfterPlayMs = 8_000
export const quietAfterStartMs = 20_000

export type QuietWork = {
  /** Playback started. */
  onPlay(): void
}

/** Runs each task once, as soon as nobody is expected to wait for the network. */
export const startQuietWork = (clock: Clock, tasks: readonly (() => void)[]): QuietWork => {
  let isDone = false
  const runAfter = (ms: number): void => {
    void clock.after(ms, new AbortController().signal).then(() => {
      if (isDone) return
      isDone = true
      for (const task of tasks) task()
    })
  }
  runAfter(quietAfterStartMs)
  return { onPlay: () => runAfter(quietAfterPlayMs) }
}
