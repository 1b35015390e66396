import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { parseArtistId, parseReleaseId } from '@tonestead/crdt/ids'
import { searchAnswerSchema } from '@tonestead/protocol/search'
import { createDevice, type Device } from '../harness/device.ts'
import { freePort } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { until } from '../harness/until.ts'
import { processChannel, remotePort } from '../media-server/src/platform/process/remote-port.ts'
import type { CatalogStore, Publication } from '../media-server/src/ports/catalog-store.ts'
import { catalogId } from './catalogue/generate-catalog.ts'
import { publicationOf } from './catalogue/publications.ts'
import { note, printRows, row, type Row } from './rows.ts'

// How soon a search over HTTP finds what was published through the catalog port of a running server, as the ingest worker publishes; and how long searches
// take while the index is built anew, beside how long they take when it is not. Server and bench are processes of their own on one machine.
//   npm run bench -- search-updates [--size 10k,100k] [--publications 100]

const option = (name: string, fallback: string): string =>
  process.argv.includes(name) ? (process.argv[process.argv.indexOf(name) + 1] ?? fallback) : fallback
const sizes = option('--size', '10k').split(',')
const publications = Number(option('--publications', '100'))
const limitMs = 1000
const tracksOf: Readonly<Record<string, number>> = { '10k': 10_000, '100k': 100_000, '1M': 1_000_000 }
/** So many tracks are more lines of the change feed than a device may be behind: asking for its index then has a new one built. */
const burst = 900
const searchesAtRest = 400

type Server = {
  readonly child: ChildProcess
  readonly origin: string
  readonly catalog: CatalogStore
  readonly device: Device
}

const start = async (data: string, tracks: number): Promise<Server> => {
  const port = await freePort()
  const child = fork(new URL('./search-updates-server.ts', import.meta.url), [data, String(port), String(tracks)], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [started] = (await once(child, 'message')) as [{ claimUrl?: string }]
  const origin = `http://localhost:${port}`
  const device = await createDevice(origin, started.claimUrl?.split('#claim=')[1])
  await until(
    'the index is open',
    async () => (await gauge(origin, 'search_index_open')) === 1 && (await gauge(origin, 'search_index_lag')) === 0,
    600_000,
  )
  return { child, origin, device, catalog: remotePort<CatalogStore>(processChannel(child), 'catalog').port }
}

const gauge = async (origin: string, name: string): Promise<number> => {
  const text = await (await fetch(`${origin}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}

const syllables = ['ka', 'lo', 'mi', 'ru', 'te', 'va', 'zo', 'ni', 'be', 'du', 'fa', 'go', 'hi', 'pe', 'so', 'wy']
/** Words that no other track has. */
const titleOf = (number: number): string =>
  `${[0, 4, 8, 12].map((shift) => syllables[((number * 40_503) >>> shift) & 15]).join('')} ${[0, 4, 8, 12].map((shift) => syllables[((number * 30_011 + 7) >>> shift) & 15]).join('')}`

const newTrack = (number: number): Publication => {
  const credits = [
    { id: parseArtistId(catalogId(`bench artist ${number % 20}`)), name: `Benchmark Band ${number % 20}`, join: '' },
  ]
  const release = {
    id: parseReleaseId(catalogId(`bench release ${number}`)),
    title: `Bench ${number}`,
    credits,
    type: 'single',
    year: 2026,
    label: undefined,
    barcode: undefined,
    cover: undefined,
    isPublic: true,
    musicBrainzId: undefined,
  } as const
  return publicationOf({
    id: catalogId(`bench track ${number}`),
    title: titleOf(number),
    credits,
    durationMs: 180_000,
    isLossless: false,
    release,
  })
}

const search = async (origin: string, text: string) => {
  const response = await fetch(`${origin}/api/search?q=${encodeURIComponent(text)}`)
  if (!response.ok) throw new Error(`a search was answered ${response.status}`)
  return searchAnswerSchema.parse(await response.json())
}

/** From the end of the transaction to the end of the answer that has it. Asked again at once while it has not. */
const untilFoundMs = async (server: Server, publication: Publication): Promise<number> => {
  await server.catalog.publish(publication, parseUnixMs(Date.now()))
  const began = performance.now()
  for (;;) {
    const { groups } = await search(server.origin, publication.track.title)
    if (groups.track.hits.some((hit) => hit.id === publication.track.id)) return performance.now() - began
    if (performance.now() - began > 60_000) throw new Error(`${publication.track.title} was not found within a minute`)
  }
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN

const questions = [
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

const timeSearches = async (server: Server, goOn: (done: number) => Promise<boolean> | boolean): Promise<number[]> => {
  const times: number[] = []
  while (await goOn(times.length)) {
    const began = performance.now()
    await search(server.origin, questions[times.length % questions.length] ?? '')
    times.push(performance.now() - began)
  }
  return times
}

/** Searches one after the other from before a build until the index is the new one; looks now and then whether it is still being built. */
const searchesDuringBuild = async (server: Server): Promise<number[]> => {
  for (let number = 0; number < burst; number += 1)
    await server.catalog.publish(newTrack(10_000 + number), parseUnixMs(Date.now()))
  await server.device.request('GET', '/api/search/snapshot')
  await until('a build has begun', async () => (await gauge(server.origin, 'search_index_building')) === 1, 60_000)
  return timeSearches(server, async (done) => done < 100 || (await gauge(server.origin, 'search_index_building')) === 1)
}

const measure = async (size: string): Promise<Row[]> => {
  await using folder = await temporaryFolder('bench-search-updates')
  const server = await start(join(folder.path, 'data'), tracksOf[size] ?? Number(size))
  try {
    await timeSearches(server, (done) => done < 100)
    const found: number[] = []
    for (let number = 0; number < publications; number += 1) found.push(await untilFoundMs(server, newTrack(number)))
    const atRest = await timeSearches(server, (done) => done < searchesAtRest)
    const building = await searchesDuringBuild(server)
    note(`${size}: ${publications} publications; ${atRest.length} searches at rest, ${building.length} during a build`)
    const ms = { unit: 'ms', better: 'lower' } as const
    return [
      row({
        ...ms,
        case: `found after publication, ${size}`,
        metric: 'p50',
        value: quantile(found, 0.5),
        limit: limitMs,
      }),
      row({
        ...ms,
        case: `found after publication, ${size}`,
        metric: 'p99',
        value: quantile(found, 0.99),
        limit: limitMs,
      }),
      row({
        ...ms,
        case: `found after publication, ${size}`,
        metric: 'max',
        value: Math.max(...found),
        limit: limitMs,
      }),
      ...[0.5, 0.99].map((share) =>
        row({
          ...ms,
          case: `search over HTTP while the index is built, ${size}`,
          metric: `p${share * 100}`,
          value: quantile(building, share),
          peer: 'at rest',
          peerValue: quantile(atRest, share),
        }),
      ),
      row({
        ...ms,
        case: `search over HTTP while the index is built, ${size}`,
        metric: 'max',
        value: Math.max(...building),
        peer: 'at rest',
        peerValue: Math.max(...atRest),
      }),
    ]
  } finally {
    const ended = once(server.child, 'exit')
    server.child.disconnect()
    await ended
  }
}

const rows: Row[] = []
for (const size of sizes) rows.push(...(await measure(size)))
printRows(rows)
