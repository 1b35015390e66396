import { Worker, type Transferable } from 'node:worker_threads'
import type { Clock } from '../../ports/clock.ts'

const firstPauseMs = 250
const longestPauseMs = 30_000
/** Having run so long, the next end counts as a first one. */
const settledMs = 60_000
const stopPatienceMs = 5000

export type SupervisedThread = {
  readonly program: URL
  /** `early`: how many of its predecessors ended soon after their start, one after the other. */
  data(start: { readonly early: number; readonly isSuccessor: boolean }): {
    readonly value: unknown
    readonly transfer: readonly Transferable[]
  }
  readonly clock: Clock
  onStart(worker: Worker): void
  /** The thread at work has ended, and another will begin unless the supervision has been stopped. */
  onEnd(reason: string): void
}

/**
 * A thread that is started anew when it dies, with pauses that grow. One that is to be replaced goes on until its successor is at work.
 * A thread ends at the message `{ kind: 'stop' }`, or some seconds later without its doing.
 */
export const superviseThread = (options: SupervisedThread) => {
  const stopping = new AbortController()
  const lives = new Map<Worker, Promise<void>>()
  let current: Worker | undefined
  let next: Worker | undefined
  let early = 0
  const begin = (isSuccessor: boolean): Worker => {
    const { value, transfer } = options.data({ early, isSuccessor })
    const worker = new Worker(options.program, { workerData: value, transferList: [...transfer] })
    lives.set(worker, live(worker))
    options.onStart(worker)
    return worker
  }
  const live = async (worker: Worker): Promise<void> => {
    const startedAt = options.clock.now()
    const reason = await untilEnd(worker)
    lives.delete(worker)
    if (worker === next) next = undefined
    if (worker !== current) return
    // A successor that is not at work yet takes the place all the same.
    current = next
    next = undefined
    options.onEnd(reason)
    if (current !== undefined) return
    early = options.clock.now() - startedAt > settledMs ? 0 : early + 1
    await options.clock
      .after(Math.min(longestPauseMs, firstPauseMs * 2 ** early), stopping.signal)
      .catch(() => undefined)
    if (!stopping.signal.aborted) current = begin(false)
  }
  current = begin(false)
  return {
    current: (): Worker | undefined => current,
    hasSuccessor: (): boolean => next !== undefined,
    /** Starts a successor, if there is none yet. */
    prepareSuccessor: (): void => {
      if (next === undefined && current !== undefined && !stopping.signal.aborted) next = begin(true)
    },
    /** This one is at work: if it is the successor, the one before it goes. */
    isAtWork: (worker: Worker): void => {
      if (worker !== next) return
      if (current !== undefined) stopWorker(current)
      current = next
      next = undefined
    },
    stop: async (): Promise<void> => {
      stopping.abort()
      for (const worker of lives.keys()) stopWorker(worker)
      while (lives.size > 0) await Promise.all(lives.values())
    },
  }
}

const stopWorker = (worker: Worker): void => {
  worker.postMessage({ kind: 'stop' })
  const patience = AbortSignal.timeout(stopPatienceMs)
  patience.addEventListener('abort', () => void worker.terminate())
}

const untilEnd = (worker: Worker): Promise<string> =>
  new Promise((resolve) => {
    worker.once('error', (error) => {
      resolve(error instanceof Error ? (error.stack ?? error.message) : String(error))
    })
    worker.once('exit', (code) => {
      resolve(`it ended with code ${code}`)
    })
  })
