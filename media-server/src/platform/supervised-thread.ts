import { Worker, type Transferable } from 'node:worker_threads'
import type { Clock } from '../ports/clock.ts'

const firstPauseMs = 250
const longestPauseMs = 30_000
/** Having run so long, the next end counts as a first one. */
const settledMs = 60_000
const stopPatienceMs = 5000

export type SupervisedThread = {
  readonly program: URL
  /** `early`: how many of its predecessors ended soon after their start, one after the other. */
  data(early: number): { readonly value: unknown; readonly transfer: readonly Transferable[] }
  readonly clock: Clock
  /** A new thread has begun. */
  onStart(worker: Worker): void
  /** It has ended, and another will begin unless the supervision has been stopped. */
  onEnd(reason: string): void
}

/** A thread that is started anew when it dies, with pauses that grow. `stop` says `{ kind: 'stop' }` and ends it for good. */
export const superviseThread = (options: SupervisedThread) => {
  const stopping = new AbortController()
  let worker: Worker | undefined
  const run = async (): Promise<void> => {
    let early = 0
    while (!stopping.signal.aborted) {
      const startedAt = options.clock.now()
      const { value, transfer } = options.data(early)
      worker = new Worker(options.program, { workerData: value, transferList: [...transfer] })
      const ended = untilEnd(worker)
      options.onStart(worker)
      const reason = await ended
      worker = undefined
      options.onEnd(reason)
      early = options.clock.now() - startedAt > settledMs ? 0 : early + 1
      await options.clock.after(Math.min(longestPauseMs, firstPauseMs * 2 ** early), stopping.signal).catch(() => undefined)
    }
  }
  const running = run()
  return {
    stop: async (): Promise<void> => {
      stopping.abort()
      worker?.postMessage({ kind: 'stop' })
      const patience = AbortSignal.timeout(stopPatienceMs)
      patience.addEventListener('abort', () => void worker?.terminate())
      await running
    },
  }
}

const untilEnd = (worker: Worker): Promise<string> =>
  new Promise((resolve) => {
    worker.once('error', (error) => { resolve(error instanceof Error ? (error.stack ?? error.message) : String(error)) })
    worker.once('exit', (code) => { resolve(`it ended with code ${code}`) })
  })
