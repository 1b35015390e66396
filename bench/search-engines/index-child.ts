import type { SearchAnswer } from '@tonestead/search-index/answer'
import { createSearchIndex } from '@tonestead/search-index/search-index'
import { isMeant, queryKinds, type Query } from '../catalogue/query.ts'
import { askAll } from './ask-queries.ts'
import { readDocuments, timeSource } from './catalog-files.ts'
import { peakMemory, readOrder, restingMemory, tell } from './measured-child.ts'

// Our index in the process itself: what the call costs, with marks, groups and all that a row of results shows.

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
  return first !== undefined && isMeant(query, first.title, first.credits.map(({ name }) => name))
}
for await (const asked of askAll(task, queryKinds, { ask: (text) => index.search({ text }), isRight, mostMs: order.mostMs, rounds: order.rounds })) await tell({ kind: 'asked', via: 'call', asked })

const saving = performance.now()
const bytes = index.snapshot(1).byteLength
await tell({ kind: 'figure', name: 'snapshot', unit: 'MB', value: bytes / 1e6 })
await tell({ kind: 'figure', name: 'writing the snapshot', unit: 's', value: (performance.now() - saving) / 1000 })
process.exit(0)
