import { setTimeout as wait } from 'node:timers/promises'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { SearchAnswer } from '@tonestead/search-index/answer'
import { systemClock } from '../../media-server/src/platform/system-clock.ts'
import { startSearchThread, type SearchThreadDeps } from '../../media-server/src/search-thread.client.ts'
import { isMeant, queryKinds, type Query } from '../catalogue/query.ts'
import { askAll } from './ask-queries.ts'
import { readOrder, tell } from './measured-child.ts'

// Our index as the media server runs it: the search thread opens what it kept on disk, answers, and has itself built anew by another thread
// meanwhile. Only the catalog behind it is the bench's own.

const { order, task } = readOrder()
const catalog = new Worker(new URL('./catalog-thread.main.ts', import.meta.url), { workerData: task.documents })
const searchChannel = (): MessagePort => {
  const { port1, port2 } = new MessageChannel()
  catalog.postMessage({ channel: port2 }, [port2])
  return port1
}
const logger = { error: console.error } as unknown as SearchThreadDeps['logger']
const before = performance.now()
const thread = startSearchThread({ dataFolder: task.data, searchChannel, clock: systemClock, logger })

const state = () => {
  const health = thread.health()
  return health.kind === 'open' ? health.state : undefined
}
while (state() === undefined) await wait(5)
await tell({
  kind: 'figure',
  name: 'opening the kept index in the thread',
  metric: 'time',
  unit: 's',
  value: (performance.now() - before) / 1000,
})

const ask = async (text: string): Promise<SearchAnswer> => {
  const engine = thread.engine()
  if (engine === undefined) throw new Error('the search thread has ended')
  return (await engine.search({ text }, 'listeners', new AbortController().signal)).answer
}
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
for await (const asked of askAll(task, queryKinds, { ask, isRight, mostMs: order.mostMs, rounds: order.rounds }))
  await tell({ kind: 'asked', via: 'through the search thread', asked })
const memory = (): number => process.memoryUsage().rss / 1e6
await tell({ kind: 'figure', name: 'search thread', metric: 'memory', unit: 'MB', value: memory(), level: 'steady' })

/** One query every 10 ms, as long as another thread builds and until the new index has taken the place. */
const duringRebuild = async (): Promise<void> => {
  const texts = task.queries
    .filter(({ kind }) => kind === 'one typo' || kind === 'exact' || kind === 'cut-off prefix')
    .map(({ text }) => text)
  const ms: number[] = []
  let most = memory()
  const began = performance.now()
  catalog.postMessage({ change: true })
  for (let at = 0; state()?.sequence !== 1 || state()?.pending !== 0; at = (at + 1) % texts.length) {
    const asked = performance.now()
    await ask(texts[at] ?? '')
    ms.push(performance.now() - asked)
    most = Math.max(most, memory())
    await wait(10)
  }
  await tell({
    kind: 'asked',
    via: 'while another thread builds',
    asked: { kind: 'any', ms, isRight: [], asked: ms.length, rounds: 1 },
  })
  await tell({
    kind: 'figure',
    name: 'rebuild in another thread',
    metric: 'time',
    unit: 's',
    value: (performance.now() - began) / 1000,
  })
  await tell({
    kind: 'figure',
    name: 'rebuild in another thread',
    metric: 'peak memory',
    unit: 'MB',
    value: most,
    level: 'swap',
  })
  await wait(3000)
  await tell({
    kind: 'figure',
    name: 'search thread after the swap',
    metric: 'memory',
    unit: 'MB',
    value: memory(),
    level: 'steady',
  })
}
await duringRebuild()
await thread.stop()
process.exit(0)
