/**
 * Lets work through one at a time, each in a turn of the event loop of its own: what arrives meanwhile, an abort above all, is heard in between.
 * Work that was given up before its turn is not begun, and rejects.
 */
export const createSerialQueue = (turn: () => Promise<void>) => {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => T, signal: AbortSignal): Promise<T> => {
    const mine = last.then(turn).then(() => {
      signal.throwIfAborted()
      return work()
    })
    last = mine.catch(() => undefined)
    return mine
  }
}
export type SerialQueue = ReturnType<typeof createSerialQueue>
