import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export type Listener = { readonly origin: string; readonly chunk: string; readonly pid: number }

/** What a normal listener and the server felt during a flood. Memory in megabytes. */
export type Felt = {
  readonly chunks: number
  readonly p99Ms: number
  readonly slowestMs: number
  readonly apiP99Ms: number
  readonly errors: readonly string[]
  readonly memoryBefore: number
  readonly memoryPeak: number
  readonly memoryAfter: number
}

/** Starts the listener in a thread of its own, because the thread that makes the floods is busy with them. */
export const openListener = async (listener: Listener) => {
  const worker = new Worker(new URL('./listener.main.ts', import.meta.url), { workerData: listener })
  await once(worker, 'message')
  return {
    /** Listens while `work` runs. */
    during: async (work: () => Promise<void>): Promise<Felt> => {
      worker.postMessage('begin')
      await work()
      const felt = once(worker, 'message')
      worker.postMessage('end')
      return ((await felt) as [Felt])[0]
    },
    close: () => worker.terminate(),
  }
}
