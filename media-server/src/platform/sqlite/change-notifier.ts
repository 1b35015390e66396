/** Wakes everyone who waits at that moment. A notification without a waiter is not stored. */
export const createChangeNotifier = () => {
  const waiting = new Set<() => void>()
  return {
    notify: (): void => {
      for (const wake of [...waiting]) wake()
    },
    /** Resolves at the next notification; rejects when the signal aborts. */
    next: (signal: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        const settle = (outcome: () => void) => (): void => {
          waiting.delete(wake)
          signal.removeEventListener('abort', stop)
          outcome()
        }
        const wake = settle(resolve)
        const stop = settle(() => {
          reject(new Error('stopped waiting', { cause: signal.reason }))
        })
        waiting.add(wake)
        signal.addEventListener('abort', stop, { once: true })
        if (signal.aborted) stop()
      }),
  }
}
export type ChangeNotifier = ReturnType<typeof createChangeNotifier>
