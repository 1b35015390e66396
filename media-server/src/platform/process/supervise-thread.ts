import { Worker, type Transferable } from 'node:worker_threads'
import type { Clock } from '../../ports/clock.ts'
import { pause } from './pause.ts'
import { threadLimits } from './thread-limits.ts'

const firstPauseMs = 250
const longestPauseMs = 30_000
/** After a run of this length the pause starts again from the first one. */
const stableRunMs = 60_000
const stopTimeoutMs = 5000

export type SupervisedThread = {
  readonly program: URL
  /** The data for a new thread. `earlyEnds`: how many threads in a row ended soon after their start. */
  startData(start: { readonly earlyEnds: number; readonly isSuccessor: boolean }): {
    readonly value: unknown
    readonly transfer: readonly Transferable[]
  }
  readonly clock: Clock
  onStart(worker: Worker): void
  /** The current thread has ended. Another one is started, unless `stop` was called. */
  onEnd(reason: string): void
}

/**
 * Runs a thread and starts it again whenever it ends, after pauses that double up to 30 s. A thread that is to be replaced runs until its successor is ready.
 * A thread must end at the message `{ kind: 'stop' }`; after 5 s it is terminated.
 */
export const superviseThread = (options: SupervisedThread) => {
  const stopping = new AbortController()
  const running = new Map<Worker, Promise<void>>()
  let current: Worker | undefined
  let successor: Worker | undefined
  let earlyEnds = 0
  const start = (isSuccessor: boolean): Worker => {
    const { value, transfer } = options.startData({ earlyEnds, isSuccessor })
    const worker = new Worker(options.program, {
      workerData: value,
      transferList: [...transfer],
      resourceLimits: threadLimits,
    })
    running.set(worker, supervise(worker))
    options.onStart(worker)
    return worker
  }
  const supervise = async (worker: Worker): Promise<void> => {
    const startedAt = options.clock.now()
    const reason = await waitForEnd(worker)
    running.delete(worker)
    if (worker === successor) successor = undefined
    if (worker !== current) return
    // A successor takes over even when it is not ready yet.
    current = successor
    successor = undefined
    options.onEnd(reason)
    if (current !== undefined) return
    earlyEnds = options.clock.now() - startedAt > stableRunMs ? 0 : earlyEnds + 1
    await pause(options.clock, Math.min(longestPauseMs, firstPauseMs * 2 ** earlyEnds), stopping.signal)
    if (!stopping.signal.aborted) current = start(false)
  }
  current = start(false)
  return {
    current: (): Worker | undefined => current,
    hasSuccessor: (): boolean => successor !== undefined,
    /** Starts a successor, if there is none yet. */
    startSuccessor: (): void => {
      if (successor === undefined && current !== undefined && !stopping.signal.aborted) successor = start(true)
    },
    /** Reports that this thread is ready. If it is the successor, the thread before it is stopped. */
    markReady: (worker: Worker): void => {
      if (worker !== successor) return
      if (current !== undefined) stopWorker(current)
      current = successor
      successor = undefined
    },
    stop: async (): Promise<void> => {
      stopping.abort()
      for (const worker of running.keys()) stopWorker(worker)
      while (running.size > 0) await Promise.all(running.values())
    },
  }
}

const stopWorker = (worker: Worker): void => {
  worker.postMessage({ kind: 'stop' })
  const timeout = AbortSignal.timeout(stopTimeoutMs)
  timeout.addEventListener('abort', () => void worker.terminate())
}

const waitForEnd = (worker: Worker): Promise<string> =>
  new Promise((resolve) => {
    worker.once('error', (error) => {
      resolve(error instanceof Error ? (error.stack ?? error.message) : String(error))
    })
    worker.once('exit', (code) => {
      resolve(`it ended with code ${code}`)
    })
  })
