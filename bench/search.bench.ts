import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { findNames } from './catalog/find-names.ts'
import type { CatalogSize } from './catalog/generate-catalog.ts'
import type { Names } from './catalog/names.ts'
import { parseCount, parseList } from './runner/bench-options.ts'
import { note } from './runner/note.ts'
import type { Row } from './runner/rows.ts'
import { runBench, type BenchRun } from './runner/run-bench.ts'
import { measureHttpSearch } from './search/measure-http-search.ts'
import { peers, type Peer } from './search/peers/search-peers.ts'
import { startPostgres, type PostgresCluster } from './search/peers/postgres-cluster.ts'
import { runEngine, type EngineOrder, type EngineOutcome } from './search/run-engine.ts'
import { catalogOptions, parseCatalogOptions, type CatalogOptions } from './search/search-options.ts'
import { comparisonRows, ownRows, peerRows } from './search/search-rows.ts'
import { writeSearchTask, type SearchTask } from './search/write-search-task.ts'

/** A process that takes longer is killed. */
const limitSeconds = { peer: 300, own: 600 } as const

type Setup = {
  readonly run: Pick<BenchRun, 'folder' | 'onEnd'>
  readonly names: Names
  readonly catalog: CatalogOptions
  readonly cluster: PostgresCluster | undefined
  readonly secondsPerKind: number
  /** The most; fewer where the time is up. The machine may have other work, so each query gets the median of its rounds. */
  readonly rounds: number
}
type Prepared = { readonly size: string; readonly task: SearchTask; readonly order: (engine: string) => EngineOrder }

const prepare = (size: CatalogSize, { run, names, catalog, cluster, secondsPerKind, rounds }: Setup): Prepared => {
  const files = join(run.folder, size.name)
  mkdirSync(files)
  const taskFile = join(files, 'task.json')
  const task = writeSearchTask(files, { names, size, half: catalog.half, perKind: catalog.queries })
  writeFileSync(taskFile, JSON.stringify(task))
  const order = { taskFile, socket: cluster?.socket, mostMs: secondsPerKind * 1000, rounds }
  return { size: size.name, task, order: (engine) => ({ engine, ...order }) }
}

/** Says which figures are of fewer queries or rounds than planned, and what failed. */
const noteOutcome = (name: string, { secondsPerKind, rounds: planned }: Setup, outcome: EngineOutcome): void => {
  for (const report of outcome.reports) {
    if (report.kind !== 'times') continue
    const { kind, ms, total, rounds } = report.times
    const what = `${name}, ${kind} (${report.via})`
    if (ms.length < total)
      note(`${what}: ${ms.length} of ${total} queries were answered in ${secondsPerKind} s; the figures are of those`)
    else if (rounds < planned && kind !== 'any') note(`${what}: ${rounds} of ${planned} rounds in ${secondsPerKind} s`)
  }
  if (outcome.failure !== undefined) note(`${name}: ${outcome.failure}`)
}

/** Our index three times: called in a process, over HTTP, and through the search thread. The first leaves its snapshot for the others. */
const measureOwn = async (setup: Setup, { size, task, order }: Prepared, add: (...rows: Row[]) => void) => {
  const note = (outcome: EngineOutcome): void => {
    noteOutcome(`ours, ${size}`, setup, outcome)
    add(...ownRows(size, outcome))
  }
  const called = await runEngine('index-engine.main.ts', order('tonestead'), limitSeconds.own)
  note(called)
  if (called.failure !== undefined) throw new Error(`our index: ${called.failure}`)
  const overHttp = await measureHttpSearch(setup.run, task, order('tonestead'))
  note(overHttp)
  if (overHttp.failure !== undefined) throw new Error(`search over HTTP: ${overHttp.failure}`)
  const inThread = await runEngine('search-thread.main.ts', order('tonestead'), limitSeconds.own)
  note(inThread)
  if (inThread.failure !== undefined) throw new Error(`the search thread: ${inThread.failure}`)
  return called
}

const measurePeer = async (peer: Peer, setup: Setup, { prepared, own }: { prepared: Prepared; own: EngineOutcome }) => {
  const { size, order } = prepared
  const outcome = await runEngine('peers/peer-engine.main.ts', order(peer.key), limitSeconds.peer)
  noteOutcome(`${peer.name}, ${size}`, setup, outcome)
  const memory = peer.needsPostgres ? setup.cluster?.memory() : undefined
  return [
    ...peerRows(peer.name, size, { outcome, memory, limitSeconds: limitSeconds.peer }),
    ...comparisonRows(peer.name, size, { own, peer: outcome }),
  ]
}

const noteConditions = ({ catalog, cluster, rounds }: Setup, chosen: readonly Peer[]): void => {
  note(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}${cluster === undefined ? '' : `, ${cluster.version}`}`,
  )
  note(
    `${catalog.queries} queries of each kind from the half "${catalog.half}"; for each query the median of up to ${rounds} rounds, after a warm-up with the other half`,
  )
  if (chosen.length === 0) return
  note(
    'Our index also holds artists, releases and playlists, and its answers have all groups with marks. The peers hold the tracks and answer ten ids; their texts are in lower case, without diacritics and punctuation. Settings of the peers:',
  )
  for (const { name, settings } of chosen) note(`  ${name}: ${settings}`)
}

const peerKeys = peers.map(({ key }) => key)

await runBench(
  {
    name: 'search',
    about:
      'How fast search answers, and how much memory it takes, compared with other engines: each in a process of its own, one after the other, on the same catalog and the same queries, with first hits graded alike. Without PostgreSQL that peer is left out.',
    options: {
      ...catalogOptions('10k,100k,1M'),
      peers: { about: `other engines: none, or some of ${peerKeys.join(', ')}`, value: peerKeys.join(',') },
      seconds: { about: 'seconds for each kind of query and engine', value: '15', short: '1' },
      rounds: { about: 'rounds over the queries, at most', value: '5', short: '1' },
    },
  },
  async (run) => {
    const names = await findNames()
    if (names.source === 'synthesized') note('The real names are missing: the catalog has made-up names.')
    const keys = run.options.peers === 'none' ? [] : parseList('peers', peerKeys, run.options.peers)
    const wanted = peers.filter(({ key }) => keys.includes(key))
    const cluster = wanted.some(({ needsPostgres }) => needsPostgres) ? await startPostgres(run.folder) : undefined
    if (cluster !== undefined) run.onEnd(cluster.stop)
    const chosen = wanted.filter(({ name, needsPostgres }) => {
      const isMissing = needsPostgres === true && cluster === undefined
      if (isMissing) note(`PostgreSQL is missing: install it to have the peer ${name}. The benchmark runs without it.`)
      return !isMissing
    })
    const setup: Setup = {
      run,
      names,
      catalog: parseCatalogOptions(run.options),
      cluster,
      secondsPerKind: parseCount('seconds', run.options.seconds),
      rounds: parseCount('rounds', run.options.rounds),
    }
    noteConditions(setup, chosen)
    for (const size of setup.catalog.sizes) {
      const prepared = prepare(size, setup)
      const own = await measureOwn(setup, prepared, run.add)
      for (const peer of chosen) run.add(...(await measurePeer(peer, setup, { prepared, own })))
      rmSync(join(run.folder, size.name), { recursive: true, force: true })
    }
  },
)
