import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { exposePort } from './remote-port.ts'
import { openSqliteStores } from './sqlite-stores.ts'

// The thread that owns the database: `openSqliteThread` starts it.

const channel = parentPort
if (channel === null) throw new Error('this file runs as a worker thread')
const stores = openSqliteStores(z.object({ path: z.string(), instanceKey: z.instanceof(Uint8Array), at: z.number() }).parse(workerData))
for (const name of ['catalog', 'sources', 'contentKeys', 'accounts'] as const) exposePort(channel, name, stores[name])
const closeMessage = z.object({ kind: z.literal('close') })
channel.on('message', (message: unknown) => {
  if (closeMessage.safeParse(message).success) void stores.close().then(() => { channel.close() })
})
channel.postMessage({ kind: 'opened' })
