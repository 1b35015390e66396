// Builds one search index from the catalog and hands its bytes over. Started by `search-thread.ts`, which goes on answering meanwhile.
import { MessagePort, parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { createFsIndexSnapshots } from './platform/fs-index-snapshots.ts'
import { remotePort } from './platform/remote-port.ts'
import { systemClock } from './platform/system-clock.ts'
import type { SearchSource } from './ports/search-source.ts'
import { buildIndex } from './search/build-index.ts'

const start = z.object({ folder: z.string(), audience: z.enum(['everyone', 'listener']), catalog: z.instanceof(MessagePort) }).parse(workerData)
const { port: source } = remotePort<SearchSource>(start.catalog, 'search')
const built = await buildIndex({ source, snapshots: createFsIndexSnapshots(start.folder), clock: systemClock }, start.audience)
start.catalog.close()
parentPort?.postMessage(built, [built.snapshot.buffer])
