import type { Clock } from '../../ports/clock.ts'
import type { AudioOutput, SoundEvent } from '../../ports/audio-output.ts'

/** Makes no sound and runs by the clock: for tests. `durationOf` says which URLs exist; `opened` holds the sounds that were opened. */
export type SilentOutput = AudioOutput & { readonly opened: readonly SilentSound[] }
type SilentSound = {
  readonly url: string
  readonly startMs: number
  emit(event: SoundEvent): void
  readonly state: { isPlaying: boolean; isClosed: boolean; volume: number }
}

const startMs = 50

export const createSilentAudioOutput = (
  clock: Clock,
  durationOf: (url: string) => number | undefined,
): SilentOutput => {
  const opened: SilentSound[] = []
  return {
    opened,
    canPlay: () => true,
    open: ({ url, positionMs, volume }, on) => {
      const state = { isPlaying: false, isClosed: false, volume }
      const durationMs = durationOf(url)
      let anchor = { positionMs, at: 0 }
      let timer = new AbortController()
      const emit = (event: SoundEvent): void => {
        if (!state.isClosed) on(event)
      }
      const position = (): number =>
        state.isPlaying
          ? Math.min(durationMs ?? 0, anchor.positionMs + clock.elapsedMs() - anchor.at)
          : anchor.positionMs
      const later = (ms: number, task: () => void): void => {
        const { signal } = timer
        clock.after(ms, signal).then(task, () => undefined)
      }
      const stop = (): void => {
        anchor = { positionMs: position(), at: clock.elapsedMs() }
        state.isPlaying = false
        timer.abort()
        timer = new AbortController()
      }
      const run = (): void => {
        anchor = { ...anchor, at: clock.elapsedMs() }
        state.isPlaying = true
        emit({ kind: 'playing' })
        later((durationMs ?? 0) - anchor.positionMs, () => {
          stop()
          emit({ kind: 'ended' })
        })
      }
      opened.push({ url, startMs: positionMs, emit, state })
      return {
        play: () => later(startMs, durationMs === undefined ? () => emit({ kind: 'failed', cause: 'network' }) : run),
        pause: stop,
        seek: (to) => {
          const wasPlaying = state.isPlaying
          stop()
          anchor = { positionMs: to, at: clock.elapsedMs() }
          if (wasPlaying) run()
        },
        setVolume: (wanted) => void (state.volume = wanted),
        positionMs: position,
        close: () => {
          stop()
          state.isClosed = true
        },
      }
    },
  }
}
