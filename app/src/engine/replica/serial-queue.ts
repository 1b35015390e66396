/** Runs tasks one after the other, in the order in which they were added. A task that throws rejects its own promise only. */
export type SerialQueue = {
  readonly run: <T>(task: () => Promise<T> | T) => Promise<T>
  /** Resolves when the queue is empty, tasks that were added meanwhile included. */
  readonly idle: () => Promise<void>
}

export const createSerialQueue = (): SerialQueue => {
  let last: Promise<unknown> = Promise.resolve()
  const run = <T>(task: () => Promise<T> | T): Promise<T> => {
    const result = last.then(task)
    last = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }
  const idle = async (): Promise<void> => {
    for (let seen: unknown; seen !== last;) {
      seen = last
      await seen
    }
  }
  return { run, idle }
}
