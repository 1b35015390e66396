import { Worker, type Transferable } from 'node:worker_threads'

export type ThreadTask = {
  readonly program: URL
  readonly data: unknown
  readonly transfer: readonly Transferable[]
}

/** Runs a program in a new thread and resolves to the first message it sends. An abort terminates the thread and rejects. */
export const runInThread = (task: ThreadTask, signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const worker = new Worker(task.program, { workerData: task.data, transferList: [...task.transfer] })
    const stop = (): void => void worker.terminate()
    signal.addEventListener('abort', stop, { once: true })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => {
      signal.removeEventListener('abort', stop)
      reject(new Error(`the thread ended with code ${code} before it sent a result`))
    })
  })
