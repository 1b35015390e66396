import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { searchAnswerSchema } from '@tonestead/protocol/search'
import { createDevice, type Device } from '../harness/device.ts'
import { freePort } from '../harness/server-process.ts'
import { until } from '../harness/until.ts'
import { processChannel, remotePort } from '../media-server/src/platform/process/remote-port.ts'
import type { CatalogStore, Publication } from '../media-server/src/ports/catalog-store.ts'
import type { CatalogSize } from './catalog/generate-catalog.ts'
import { parseCount } from './runner/bench-options.ts'
import { note } from './runner/note.ts'
import { quantile, row, type Row } from './runner/rows.ts'
import { runBench, type BenchRun } from './runner/run-bench.ts'
import { makeTrack } from './search/made-tracks.ts'
import { parseSizes, sizeOption } from './search/search-options.ts'

/** From a publication until a search finds it. */
const foundLevelMs = 1000
/** This many publications are more changes than a device may be behind: its request for the index then makes the server build a new one. */
const burst = 900
const warmUpSearches = 100

type Server = {
  readonly origin: string
  readonly catalog: CatalogStore
  readonly device: Device
  stop(): Promise<void>
}

const startServer = async (run: Pick<BenchRun, 'onEnd'>, data: string, tracks: number): Promise<Server> => {
  const port = await freePort()
  const program = new URL('./search/search-updates-server.main.ts', import.meta.url)
  const child = fork(program, [data, String(port), String(tracks)], {
    serialization: 'advanced',
    // stdout of the benchmark is for rows.
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  const ended = once(child, 'exit')
  // The server stops when its parent disconnects.
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect()
    await ended
  }
  run.onEnd(stop)
  const early = ended.then(() => Promise.reject(new Error('the server ended before it had started')))
  const [started] = (await Promise.race([once(child, 'message'), early])) as [{ claimUrl?: string }]
  early.catch(() => undefined)
  const origin = `http://localhost:${port}`
  const device = await createDevice(origin, started.claimUrl?.split('#claim=')[1])
  const isOpen = async (): Promise<boolean> =>
    (await gauge(origin, 'search_index_open')) === 1 && (await gauge(origin, 'search_index_lag')) === 0
  await until('the index is open and up to date', isOpen, 600_000)
  return { origin, device, stop, catalog: remotePort<CatalogStore>(processChannel(child), 'catalog').port }
}

const gauge = async (origin: string, name: string): Promise<number> => {
  const text = await (await fetch(`${origin}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}

const search = async (origin: string, text: string) => {
  const response = await fetch(`${origin}/api/search?q=${encodeURIComponent(text)}`)
  if (!response.ok) throw new Error(`a search had the status ${response.status}`)
  return searchAnswerSchema.parse(await response.json())
}

/** From the end of the transaction to the end of the first answer that has the track; searched again at once while it has not. */
const untilFoundMs = async (server: Server, publication: Publication): Promise<number> => {
  await server.catalog.publish(publication, parseUnixMs(Date.now()))
  const began = performance.now()
  for (;;) {
    const { groups } = await search(server.origin, publication.track.title)
    if (groups.track.hits.some((hit) => hit.id === publication.track.id)) return performance.now() - began
    if (performance.now() - began > 60_000) throw new Error(`${publication.track.title} was not found within a minute`)
  }
}

const texts = [
  'love',
  'the beatles',
  'you',
  'nirvana smells',
  'raidohead',
  'queen bohemain rapsody',
  'blue',
  'a',
  'mad worl',
  'hey jude',
]

/** Searches one after the other. */
const timeSearches = async (
  server: Server,
  isWanted: (done: number) => Promise<boolean> | boolean,
): Promise<number[]> => {
  const times: number[] = []
  while (await isWanted(times.length)) {
    const began = performance.now()
    await search(server.origin, texts[times.length % texts.length] ?? '')
    times.push(performance.now() - began)
  }
  return times
}

/** Starts a build of the index and searches until the new one has taken over. */
const timeSearchesDuringBuild = async (server: Server): Promise<number[]> => {
  for (let number = 0; number < burst; number += 1)
    await server.catalog.publish(makeTrack(10_000 + number), parseUnixMs(Date.now()))
  await server.device.request('GET', '/api/search/snapshot')
  const isBuilding = async (): Promise<boolean> => (await gauge(server.origin, 'search_index_building')) === 1
  await until('a build has begun', isBuilding, 60_000)
  return timeSearches(server, async (done) => done < 100 || (await isBuilding()))
}

const rowsOf = (
  size: string,
  { found, atRest, building }: Readonly<Record<'found' | 'atRest' | 'building', readonly number[]>>,
): Row[] => {
  const ms = { unit: 'ms', better: 'lower' } as const
  const parts = [
    ['p50', 0.5],
    ['p99', 0.99],
    ['max', 1],
  ] as const
  return [
    ...parts.map(([metric, part]) =>
      row({
        ...ms,
        case: `found after publication, ${size}`,
        metric,
        value: quantile(found, part),
        level: foundLevelMs,
      }),
    ),
    ...parts.map(([metric, part]) =>
      row({
        ...ms,
        case: `search over HTTP during a build, ${size}`,
        metric,
        value: quantile(building, part),
        peer: 'at rest',
        peerValue: quantile(atRest, part),
      }),
    ),
  ]
}

type Plan = { readonly size: CatalogSize; readonly publications: number; readonly searches: number }

const measure = async (run: BenchRun<string>, { size, publications, searches }: Plan): Promise<Row[]> => {
  const server = await startServer(run, join(run.folder, size.name), size.tracks)
  await timeSearches(server, (done) => done < warmUpSearches)
  const found: number[] = []
  for (let number = 0; number < publications; number += 1) found.push(await untilFoundMs(server, makeTrack(number)))
  const atRest = await timeSearches(server, (done) => done < searches)
  const building = await timeSearchesDuringBuild(server)
  note(
    `${size.name}: ${publications} publications, ${atRest.length} searches at rest, ${building.length} during a build`,
  )
  await server.stop()
  return rowsOf(size.name, { found, atRest, building })
}

await runBench(
  {
    name: 'search-updates',
    about:
      'How soon a search over HTTP finds a track that was published, and how long searches take during a build of the index, compared with searches at rest. The benchmark publishes through the catalog port of a running server, as the ingest worker does; server and benchmark are processes of their own.',
    options: {
      size: sizeOption('10k'),
      publications: { about: 'tracks to publish, one after the other', value: '100', short: '20' },
      searches: { about: 'searches at rest', value: '400', short: '100' },
    },
  },
  async (run) => {
    const publications = parseCount('publications', run.options.publications)
    const searches = parseCount('searches', run.options.searches)
    for (const size of parseSizes(run.options.size)) run.add(...(await measure(run, { size, publications, searches })))
  },
)
