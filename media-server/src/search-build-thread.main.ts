// Builds one search index from the catalog and writes it to disk; sends its bytes only when they are wanted. Started by `search-build-thread.client.ts`
// from the search thread, which answers searches meanwhile.
import { MessagePort, parentPort, workerData } from 'node:worker_threads'
import { audienceSchema } from '@tonestead/protocol/audience'
import { z } from 'zod'
import { openIndexSnapshots } from './platform/open-index-snapshots.ts'
import { lowerThreadPriority } from './platform/process/lower-thread-priority.ts'
import { remotePort } from './platform/process/remote-port.ts'
import { systemClock } from './platform/system-clock.ts'
import type { SearchSource } from './ports/search-source.ts'
import { buildIndex, type BuiltIndex } from './search/build-index.ts'

const start = z
  .object({
    dataFolder: z.string(),
    audience: audienceSchema,
    isSnapshotWanted: z.boolean(),
    catalog: z.instanceof(MessagePort),
  })
  .parse(workerData)
// Only the very first build has somebody waiting for it: the one whose snapshot is wanted.
if (!start.isSnapshotWanted) lowerThreadPriority()
const { port: source } = remotePort<SearchSource>(start.catalog, 'search')
const built = await buildIndex(
  { source, snapshots: openIndexSnapshots(start.dataFolder), clock: systemClock },
  start.audience,
)
start.catalog.close()
if (start.isSnapshotWanted) parentPort?.postMessage(built, [built.snapshot.buffer])
else parentPort?.postMessage({ ...built, snapshot: undefined } satisfies BuiltIndex)
