import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { createCaller } from './platform/process/thread-calls.ts'
import type { LogTables } from './platform/sqlite/sqlite-log-store.ts'
import type { LogStore } from './ports/log-store.ts'

/** Opens the logs in SQLite in a thread of their own, so that an fsync never delays a frame. `onEnd`: the thread ended by itself, so nothing can be stored. */
export const openLogThread = async (path: string, onEnd: (reason: Error) => void): Promise<LogStore> => {
  const worker = new Worker(new URL('./log-thread.main.ts', import.meta.url), { workerData: { path } })
  await once(worker, 'message')
  const caller = createCaller(worker)
  let isClosing = false
  const ended = (reason: Error): void => {
    caller.close(reason)
    if (!isClosing) onEnd(reason)
  }
  worker.on('error', (error: unknown) => ended(new Error('the log thread failed', { cause: error })))
  worker.on('exit', () => ended(new Error('the log thread has ended')))
  // The methods of the other end are those of `LogTables`; `close` ends the thread.
  const remote =
    (method: keyof LogTables) =>
    (...args: readonly unknown[]): Promise<never> =>
      caller.call(method, args) as Promise<never>
  return {
    append: remote('append'),
    head: remote('head'),
    read: remote('read'),
    placeOf: remote('placeOf'),
    chainAt: remote('chainAt'),
    departureOf: remote('departureOf'),
    putPart: remote('putPart'),
    getPart: remote('getPart'),
    snapshots: remote('snapshots'),
    dropBodies: remote('dropBodies'),
    admit: remote('admit'),
    isAdmitted: remote('isAdmitted'),
    belongsTo: remote('belongsTo'),
    // One process alone uses the file: the data folder is locked.
    publish: () => Promise.resolve(),
    listen: () => Promise.resolve(),
    close: async () => {
      isClosing = true
      const exited = once(worker, 'exit')
      await caller.call('close', []).catch((error: unknown) => {
        // The answer may be lost when the thread ends first.
        if (worker.threadId >= 0) throw error
      })
      await exited
    },
  }
}
