import { setTimeout as wait } from 'node:timers/promises'
import type { Writable } from 'node:stream'

/** Writes pieces to a stream, each not before its time, always in the order in which they came. */
export type DelayQueue = {
  /** Resolves when the queue has room again. `dueAt` is a time of `performance.now()`. */
  push(piece: Buffer, dueAt: number): Promise<void>
  /** Resolves when everything pushed before was written. */
  drained(): Promise<void>
}

type Entry = { readonly piece: Buffer; readonly dueAt: number }

/**
 * One pump per queue writes one piece after the other. A timer per piece would not do: two timers of different length may end in the other order.
 * A destroyed stream takes nothing more; an abort ends the waiting.
 */
export const createDelayQueue = (
  { to, signal, now = () => performance.now() }: { to: Writable; signal: AbortSignal; now?: () => number },
  mostBytes = 256 * 1024,
): DelayQueue => {
  const entries: Entry[] = []
  const waiters: { readonly isReady: () => boolean; readonly resume: () => void }[] = []
  let bytes = 0
  let isPumping = false

  const wake = (): void => {
    for (const waiter of waiters.splice(0)) {
      if (waiter.isReady() || signal.aborted) waiter.resume()
      else waiters.push(waiter)
    }
  }
  const until = (isReady: () => boolean): Promise<void> =>
    isReady() || signal.aborted ? Promise.resolve() : new Promise((resume) => void waiters.push({ isReady, resume }))

  const pump = async (): Promise<void> => {
    isPumping = true
    for (let entry = entries[0]; entry !== undefined && !signal.aborted; entry = entries[0]) {
      const restMs = entry.dueAt - now()
      if (restMs > 0) await wait(restMs, undefined, { signal }).catch(() => undefined)
      await writeTo(to, entry.piece, signal)
      entries.shift()
      bytes -= entry.piece.length
      wake()
    }
    isPumping = false
  }
  signal.addEventListener('abort', wake, { once: true })

  return {
    push: (piece, dueAt) => {
      entries.push({ piece, dueAt })
      bytes += piece.length
      if (!isPumping) void pump()
      return until(() => bytes < mostBytes)
    },
    drained: () => until(() => entries.length === 0),
  }
}

/** Back-pressure: waits for `drain` where the stream is full, and for nothing where it is closed. */
const writeTo = (to: Writable, piece: Buffer, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted || !to.writable || to.write(piece)) return resolve()
    const done = (): void => {
      to.off('drain', done).off('close', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    to.on('drain', done).on('close', done)
    signal.addEventListener('abort', done)
  })
