import { Worker, type Transferable } from 'node:worker_threads'

export type OneShot = { readonly program: URL; readonly data: unknown; readonly transfer: readonly Transferable[] }

/** Runs a program in a thread of its own and gives the first message it sends; an abort ends the thread at once. */
export const runOneShotThread = (shot: OneShot, signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const worker = new Worker(shot.program, { workerData: shot.data, transferList: [...shot.transfer] })
    const stop = (): void => void worker.terminate()
    signal.addEventListener('abort', stop, { once: true })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => {
      signal.removeEventListener('abort', stop)
      reject(new Error(`the thread ended with code ${code} before it had answered`))
    })
  })
