import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SearchAnswer } from '@tonestead/search-index/answer'
import { createSearchIndex } from '@tonestead/search-index/search-index'
import { encodeIndexFile, indexFileName, indexTag } from '../../media-server/src/search/index-file.ts'
import { isMeant, queryKinds, type Query } from '../catalogue/query.ts'
import { askAll } from './ask-queries.ts'
import { readDocuments, timeSource } from './catalog-files.ts'
import { peakMemory, readOrder, restingMemory, tell } from './measured-child.ts'

// Our index in the process itself: what the call costs, with marks, groups and all that a row of results shows. Leaves its snapshot for the others.

const { order, task } = readOrder()
const source = timeSource(readDocuments(task.documents))
const before = performance.now()
const index = createSearchIndex(source.items)
const buildMs = performance.now() - before - source.spentMs()
const memory = await restingMemory()
await tell({ kind: 'built', buildMs, memory, peakMemory: peakMemory(), indexBytes: process.memoryUsage().arrayBuffers })

// As for the peers: the first track, which for an artist's name is one by the artist.
const isRight = (query: Query, answer: unknown): boolean => {
  const first = (answer as SearchAnswer).groups.track.hits[0]
  return (
    first !== undefined &&
    isMeant(
      query,
      first.title,
      first.credits.map(({ name }) => name),
    )
  )
}
for await (const asked of askAll(task, queryKinds, {
  ask: (text) => index.search({ text }),
  isRight,
  mostMs: order.mostMs,
  rounds: order.rounds,
}))
  await tell({ kind: 'asked', via: 'call', asked })

const saving = performance.now()
const snapshot = index.snapshot(0)
await tell({
  kind: 'figure',
  name: 'snapshot',
  metric: 'writing',
  unit: 's',
  value: (performance.now() - saving) / 1000,
})
await tell({ kind: 'figure', name: 'snapshot', metric: 'size', unit: 'MB', value: snapshot.byteLength / 1e6 })
// So old that a single change makes it due to be built anew.
const about = {
  v: 1,
  sequence: 0,
  mark: '',
  audience: 'listeners',
  tag: indexTag(snapshot),
  builtAt: Date.now() - 2 * 86_400_000,
} as const
mkdirSync(join(task.data, 'search'), { recursive: true })
writeFileSync(
  join(task.data, 'search', indexFileName('listeners')),
  Buffer.concat(encodeIndexFile({ header: about, snapshot })),
)
process.exit(0)
