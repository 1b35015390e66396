/** [ST12] Work that several callers may wait for: it is done once, and aborted when the last of them has aborted. */
export type SingleFlight<K, T> = {
  run(key: K, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>
}

type Running<T> = { readonly result: Promise<T>; readonly controller: AbortController; waiting: number }

export const createSingleFlight = <K, T>(): SingleFlight<K, T> => {
  const running = new Map<K, Running<T>>()

  const begin = (key: K, work: (signal: AbortSignal) => Promise<T>): Running<T> => {
    const controller = new AbortController()
    const task: Running<T> = { result: work(controller.signal), controller, waiting: 0 }
    const end = (): void => {
      if (running.get(key) === task) running.delete(key)
    }
    running.set(key, task)
    task.result.then(end, end)
    return task
  }

  const leave = (key: K, task: Running<T>, reason: unknown): void => {
    task.waiting -= 1
    if (task.waiting > 0) return
    if (running.get(key) === task) running.delete(key)
    task.controller.abort(reason)
  }

  return {
    run: (key, work, signal) => {
      signal.throwIfAborted()
      const task = running.get(key) ?? begin(key, work)
      task.waiting += 1
      return new Promise<T>((resolve, reject) => {
        const onAbort = (): void => {
          leave(key, task, signal.reason)
          reject(signal.reason as Error)
        }
        signal.addEventListener('abort', onAbort, { once: true })
        task.result.finally(() => signal.removeEventListener('abort', onAbort)).then(resolve, reject)
      })
    },
  }
}
