/**
 * Runs one piece of work at a time, each in a new turn of the event loop, so that messages (aborts above all) are received in between.
 * Work whose signal aborts before its turn is not started, and its promise rejects.
 */
export const createSerialQueue = (nextTurn: () => Promise<void>) => {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => T, signal: AbortSignal): Promise<T> => {
    const result = last.then(nextTurn).then(() => {
      signal.throwIfAborted()
      return work()
    })
    // The caller gets a rejection through `result`; the queue only needs the order.
    last = result.catch(() => undefined)
    return result
  }
}
export type SerialQueue = ReturnType<typeof createSerialQueue>
