import type { Answer } from '../../engine/server/answer.ts'
import { delay } from './delay.ts'

type Following<T> = {
  /** undefined: the signal has aborted. */
  readonly ask: (signal: AbortSignal) => Promise<Answer<T> | undefined>
  /** In milliseconds; undefined: an answer like this is not requested again. */
  readonly longestWaitMs: (value: T) => number | undefined
  readonly onChange: () => void
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
}

export const shortestWaitMs = 2_000

/** Requests an answer again and again: soon after it has changed, then twice as late each time. A first request that fails is left to the person. */
export const followAnswer = async <T>({ ask, longestWaitMs, onChange, wait, signal }: Following<T>): Promise<void> => {
  let before: string | undefined
  let waitMs = shortestWaitMs
  let longestMs: number | undefined
  for (;;) {
    const answer = await ask(signal)
    if (answer === undefined) return
    const now = answer.kind === 'ready' ? JSON.stringify(answer.value) : before
    const isChanged = now !== before
    if (isChanged && before !== undefined) onChange()
    if (answer.kind === 'ready') longestMs = longestWaitMs(answer.value)
    if (longestMs === undefined) return
    waitMs = isChanged ? shortestWaitMs : Math.min(waitMs * 2, longestMs)
    before = now
    await wait(Math.min(waitMs, longestMs), signal)
    if (signal.aborted) return
  }
}

/** Resolves after `ms`, in a page that is not visible as soon as it is, or at once when the signal aborts. */
export const whenVisibleAfter = async (ms: number, signal: AbortSignal): Promise<void> => {
  await delay(ms, signal)
  if (signal.aborted || document.visibilityState === 'visible') return
  await new Promise<void>((resolve) => {
    document.addEventListener('visibilitychange', () => resolve(), { once: true, signal })
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
