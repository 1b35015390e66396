import { setTimeout as wait } from 'node:timers/promises'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { SearchAnswer } from '@tonestead/search-index/answer'
import { systemClock } from '../../media-server/src/platform/system-clock.ts'
import { startSearchThread, type SearchThreadDeps } from '../../media-server/src/search-thread.client.ts'
import { queryKinds } from '../catalog/query.ts'
import { isFirstTrackRight } from './first-track-right.ts'
import { readOrder, sendReport, type EngineReport } from './run-engine.ts'
import { timeQueries } from './time-queries.ts'

// Our index as the media server runs it: the search thread opens the stored index, answers, and meanwhile has another thread build a new one. Only the
// catalog behind it is part of the benchmark.

const { order, task } = readOrder()
const catalog = new Worker(new URL('./catalog-source.main.ts', import.meta.url), { workerData: task.documents })
const searchChannel = (): MessagePort => {
  const { port1, port2 } = new MessageChannel()
  catalog.postMessage({ channel: port2 }, [port2])
  return port1
}
const logger = { error: console.error } as unknown as SearchThreadDeps['logger']
const opening = performance.now()
const thread = startSearchThread({ dataFolder: task.data, searchChannel, clock: systemClock, logger })

const state = () => {
  const health = thread.health()
  return health.kind === 'open' ? health.state : undefined
}
const sendFigure = (figure: Omit<Extract<EngineReport, { kind: 'figure' }>, 'kind'>): Promise<void> =>
  sendReport({ kind: 'figure', ...figure })
const memory = (): number => process.memoryUsage().rss / 1e6
const secondsSince = (began: number): number => (performance.now() - began) / 1000

const search = async (text: string): Promise<SearchAnswer> => {
  const engine = thread.engine()
  if (engine === undefined) throw new Error('the search thread has ended')
  return (await engine.search({ text }, 'listeners', new AbortController().signal)).answer
}

/** One query every 10 ms while another thread builds, until the new index has taken over. */
const measureRebuild = async (): Promise<void> => {
  const texts = task.queries
    .filter(({ kind }) => kind === 'one typo' || kind === 'exact' || kind === 'cut-off prefix')
    .map(({ text }) => text)
  const ms: number[] = []
  let peak = memory()
  const began = performance.now()
  catalog.postMessage({ change: true })
  for (let at = 0; state()?.sequence !== 1 || state()?.pending !== 0; at = (at + 1) % texts.length) {
    const before = performance.now()
    await search(texts[at] ?? '')
    ms.push(performance.now() - before)
    peak = Math.max(peak, memory())
    await wait(10)
  }
  const rebuild = { name: 'rebuild in another thread' } as const
  const times = { kind: 'any', ms, isRight: [], total: ms.length, rounds: 1 } as const
  await sendReport({ kind: 'times', via: 'while another thread builds', times })
  await sendFigure({ ...rebuild, metric: 'time', unit: 's', value: secondsSince(began) })
  await sendFigure({ ...rebuild, metric: 'peak memory', unit: 'MB', value: peak, levelName: 'swap' })
  await wait(3000)
  const after = { name: 'search thread after the swap', metric: 'memory', unit: 'MB' } as const
  await sendFigure({ ...after, value: memory(), levelName: 'steady' })
}

while (state() === undefined) await wait(5)
const openSeconds = secondsSince(opening)
await sendFigure({ name: 'opening the stored index in the thread', metric: 'time', unit: 's', value: openSeconds })
for await (const times of timeQueries(task, queryKinds, {
  search,
  isRight: (query, answer) => isFirstTrackRight(query, answer as SearchAnswer),
  mostMs: order.mostMs,
  rounds: order.rounds,
}))
  await sendReport({ kind: 'times', via: 'through the search thread', times })
await sendFigure({ name: 'search thread', metric: 'memory', unit: 'MB', value: memory(), levelName: 'steady' })
await measureRebuild()
await thread.stop()
process.exit(0)
