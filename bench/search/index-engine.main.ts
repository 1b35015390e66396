import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SearchAnswer } from '@tonestead/search-index/answer'
import { createSearchIndex } from '@tonestead/search-index/search-index'
import { encodeIndexFile, indexFileName, indexTag } from '../../media-server/src/search/index-file.ts'
import { queryKinds } from '../catalog/query.ts'
import { readDocuments, timeSource } from './catalog-files.ts'
import { isFirstTrackRight } from './first-track-right.ts'
import { peakMemory, readOrder, restingMemory, sendReport } from './run-engine.ts'
import { timeQueries } from './time-queries.ts'

// Our index called as a function in this process: an answer has groups, marks and everything that a row of results shows. Leaves its snapshot in the
// data folder for the measurements that follow.

const { order, task } = readOrder()
const source = timeSource(readDocuments(task.documents))
const before = performance.now()
const index = createSearchIndex(source.items)
const buildMs = performance.now() - before - source.spentMs()
const memory = await restingMemory()
const indexBytes = process.memoryUsage().arrayBuffers
await sendReport({ kind: 'built', buildMs, memory, peakMemory: peakMemory(), indexBytes })

for await (const times of timeQueries(task, queryKinds, {
  search: (text) => index.search({ text }),
  isRight: (query, answer) => isFirstTrackRight(query, answer as SearchAnswer),
  mostMs: order.mostMs,
  rounds: order.rounds,
}))
  await sendReport({ kind: 'times', via: 'call', times })

const saving = performance.now()
const snapshot = index.snapshot(0)
const savingSeconds = (performance.now() - saving) / 1000
await sendReport({ kind: 'figure', name: 'snapshot', metric: 'writing', unit: 's', value: savingSeconds })
await sendReport({ kind: 'figure', name: 'snapshot', metric: 'size', unit: 'MB', value: snapshot.byteLength / 1e6 })
const about = {
  v: 1,
  sequence: 0,
  mark: '',
  audience: 'listeners',
  tag: indexTag(snapshot),
  // So old that a single change makes the server build the index anew.
  builtAt: Date.now() - 2 * 86_400_000,
} as const
mkdirSync(join(task.data, 'search'), { recursive: true })
writeFileSync(
  join(task.data, 'search', indexFileName('listeners')),
  Buffer.concat(encodeIndexFile({ header: about, snapshot })),
)
process.exit(0)
