import { MessagePort, parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { createReleaseDerivation } from './catalog/derive-release.ts'
import { createCatalogIds } from './ingest/catalog-ids.ts'
import { exposePort } from './platform/process/remote-port.ts'
import { openSqliteStores } from './platform/sqlite/sqlite-stores.ts'

// The thread that owns the database. `openDatabaseThread` starts it. It gives the stores the derivation of the catalog from source files.

const channel = parentPort
if (channel === null) throw new Error('this file runs as a worker thread')
const bytes = z.instanceof(Uint8Array)
const { idSecret, ...options } = z
  .object({
    path: z.string(),
    instanceKey: bytes,
    idSecret: bytes,
    marks: z.record(z.string(), z.string()).optional(),
    at: z.number(),
  })
  .parse(workerData)
const stores = openSqliteStores({ ...options, derive: createReleaseDerivation(createCatalogIds(idSecret)) })
for (const name of ['catalog', 'sources', 'contentKeys', 'accounts', 'plays', 'search', 'scrub'] as const)
  exposePort(channel, name, stores[name])
const controlMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('close') }),
  z.object({ kind: z.literal('serve'), port: z.instanceof(MessagePort) }),
])
channel.on('message', (message: unknown) => {
  // Calls of ports arrive on the same channel: they are no messages of this schema.
  const parsed = controlMessage.safeParse(message).data
  if (parsed?.kind === 'close')
    void stores.close().then(() => {
      channel.close()
    })
  if (parsed?.kind === 'serve') serve(parsed.port)
})
/** Serves the port `search` on another channel. The channel does not keep this thread alive: its reader may end later than the database. */
const serve = (port: MessagePort): void => {
  exposePort(port, 'search', stores.search)
  port.unref()
}
channel.postMessage({ kind: 'opened' })
