import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { relayRules } from './log/relay-rules.ts'
import { serveCalls } from './platform/process/thread-calls.ts'
import { openSqliteLogTables } from './platform/sqlite/sqlite-log-store.ts'

// The thread that owns the database of the logs. log-thread.client.ts starts it.

const channel = parentPort
if (channel === null) throw new Error('this file runs as a worker thread')
const { path } = z.object({ path: z.string() }).parse(workerData)
const tables = openSqliteLogTables(path, relayRules)
serveCalls(channel, {
  ...tables,
  close: async () => {
    await tables.close()
    channel.close()
  },
})
channel.postMessage({ opened: true })
