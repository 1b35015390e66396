// Builds one search index from the catalog, leaves it on disk, and hands its bytes over if asked to. Started by `search-thread.ts`, which goes on answering meanwhile.
import { MessagePort, parentPort, workerData } from 'node:worker_threads'
import { audienceSchema } from '@tonestead/protocol/audience'
import { z } from 'zod'
import { createFsIndexSnapshots } from './platform/files/fs-index-snapshots.ts'
import { lowerThreadPriority } from './platform/process/lower-thread-priority.ts'
import { remotePort } from './platform/process/remote-port.ts'
import { systemClock } from './platform/system-clock.ts'
import type { SearchSource } from './ports/search-source.ts'
import { buildIndex, type BuiltIndex } from './search/build-index.ts'

const start = z
  .object({
    folder: z.string(),
    audience: audienceSchema,
    isHandedOver: z.boolean(),
    catalog: z.instanceof(MessagePort),
  })
  .parse(workerData)
// Nobody waits for it but at the very first start, whose bytes are handed over.
if (!start.isHandedOver) lowerThreadPriority()
const { port: source } = remotePort<SearchSource>(start.catalog, 'search')
const built = await buildIndex(
  { source, snapshots: createFsIndexSnapshots(start.folder), clock: systemClock },
  start.audience,
)
start.catalog.close()
if (start.isHandedOver) parentPort?.postMessage(built, [built.snapshot.buffer])
else parentPort?.postMessage({ ...built, snapshot: undefined } satisfies BuiltIndex)
