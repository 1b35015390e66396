import type { Clock } from '../ports/clock.ts'
import type { WorkerState } from '../ports/stream-worker.ts'
import type { PlaybackState } from './playback/playback-state.ts'
import type { Readable } from './readable.ts'

type Watched = {
  readonly shell: Readable<WorkerState>
  readonly playback: Readable<{ readonly state: Pick<PlaybackState, 'kind'> }>
}

/** Nothing waits longer than this, whatever the page is doing. */
export const mostWaitMs = 10_000
/** A stream that has just begun has not much in stock. */
export const afterSoundMs = 3_000

/**
 * [DO12] Resolves when a person waits neither for the page nor for a sound: on a slow line, whatever else is fetched then delays it. On a first visit the page is there
 * when the service worker is; later visits have their code on the device.
 */
export const whenCalm = async (clock: Clock, { shell, playback }: Watched): Promise<void> => {
  const waiting = new AbortController()
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const isLoading = (): boolean => playback.get().state.kind === 'loading'
  const isCalm = (): boolean => shell.get() !== 'starting' && !isLoading()
  let hasLoaded = isLoading()
  const look = (): void => {
    hasLoaded ||= isLoading()
    if (!isCalm()) return
    if (hasLoaded) void after(clock, afterSoundMs, waiting.signal).then(() => resolve(undefined))
    else resolve(undefined)
  }
  const stops = [shell.subscribe(look), playback.subscribe(look)]
  look()
  await Promise.race([promise, after(clock, mostWaitMs, waiting.signal)])
  waiting.abort()
  for (const stop of stops) stop()
}

/** Resolves early when the signal aborts. */
const after = async (clock: Clock, ms: number, signal: AbortSignal): Promise<void> => {
  await clock.after(ms, signal).catch((cause: unknown) => {
    if (!signal.aborted) throw cause
  })
}
