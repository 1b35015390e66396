import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import type { CatalogSize } from './catalogue/generate-catalog.ts'
import { findNames, type Names } from './catalogue/names.ts'
import { note, printRows, type Row } from './rows.ts'
import { comparisonRows, ownRows, peerRows } from './search-engines/engine-rows.ts'
import { measureHttp } from './search-engines/http-search.ts'
import { runMeasured, type ChildOrder, type Outcome } from './search-engines/measured-child.ts'
import { peers, type Peer } from './search-engines/peer-engine.ts'
import { startPostgres, type PostgresCluster } from './search-engines/postgres-cluster.ts'
import { writeCatalog, type Task } from './search-engines/write-catalog.ts'
import { readSearchOptions, type SearchOptions } from './search-options.ts'

// How fast search answers, and how large it is, beside what else one could have taken: every engine in a process of its own, one after the other,
// on the same catalog and the same queries, first hits graded alike. `--peers none` leaves the others out.

const seconds = { peer: 300, own: 600, perKind: 15 } as const
/** Many, because the machine may have other things to do. */
const mostRounds = 5

const tell = (name: string, size: string, { reports, failure }: Outcome): void => {
  for (const report of reports) {
    if (report.kind !== 'asked') continue
    const { kind, ms, asked, rounds } = report.asked
    if (ms.length < asked)
      note(
        `${name}, ${size}, ${kind} (${report.via}): ${ms.length} of ${asked} queries were answered in ${seconds.perKind} s; the figures are of those`,
      )
    else if (rounds < mostRounds && kind !== 'any')
      note(`${name}, ${size}, ${kind} (${report.via}): ${rounds} of ${mostRounds} rounds in ${seconds.perKind} s`)
  }
  if (failure !== undefined) note(`${name}, ${size}: ${failure}`)
}

type Setting = {
  readonly folder: string
  readonly names: Names
  readonly options: SearchOptions
  readonly cluster: PostgresCluster | undefined
  readonly chosen: readonly Peer[]
  readonly isStopping: () => boolean
}
type Prepared = { readonly size: string; readonly task: Task; readonly order: (engine: string) => ChildOrder }

const prepare = (size: CatalogSize, { folder, names, options, cluster }: Setting): Prepared => {
  const files = join(folder, size.name)
  mkdirSync(files)
  const taskFile = join(files, 'task.json')
  const task = writeCatalog(files, { names, size, half: options.half, perKind: options.queries })
  writeFileSync(taskFile, JSON.stringify(task))
  return {
    size: size.name,
    task,
    order: (engine) => ({
      engine,
      taskFile,
      socket: cluster?.socket,
      mostMs: seconds.perKind * 1000,
      rounds: mostRounds,
    }),
  }
}

const measureOwn = async ({ size, task, order }: Prepared, rows: Row[]): Promise<Outcome> => {
  const inCall = await runMeasured('index-child.main.ts', order('tonestead'), seconds.own)
  const others =
    inCall.failure === undefined
      ? [
          await measureHttp(task, order('tonestead')),
          await runMeasured('thread-child.main.ts', order('tonestead'), seconds.own),
        ]
      : []
  for (const outcome of [inCall, ...others]) {
    tell('ours', size, outcome)
    rows.push(...ownRows(size, outcome))
  }
  return inCall
}

const measurePeer = async (
  peer: Peer,
  { size, order }: Prepared,
  { own, cluster }: { readonly own: Outcome; readonly cluster: PostgresCluster | undefined },
): Promise<Row[]> => {
  if (peer.needsPostgres && cluster === undefined) {
    note(`PostgreSQL is not installed: no ${peer.name}`)
    return []
  }
  const outcome = await runMeasured('peer-child.main.ts', order(peer.key), seconds.peer)
  tell(peer.name, size, outcome)
  const memory = peer.needsPostgres ? cluster?.memory() : undefined
  return [
    ...peerRows(peer.name, size, { outcome, memory, limitSeconds: seconds.peer }),
    ...comparisonRows(peer.name, size, { own, peer: outcome }),
  ]
}

/** Until all is measured, or no more is wanted. */
const measureAll = async (setting: Setting, rows: Row[]): Promise<void> => {
  for (const size of setting.options.sizes) {
    if (setting.isStopping()) return
    const prepared = prepare(size, setting)
    const own = await measureOwn(prepared, rows)
    for (const peer of setting.chosen)
      if (!setting.isStopping()) rows.push(...(await measurePeer(peer, prepared, { own, cluster: setting.cluster })))
    rmSync(join(setting.folder, size.name), { recursive: true, force: true })
  }
}

const describe = (options: SearchOptions, chosen: readonly Peer[], cluster: PostgresCluster | undefined): void => {
  note(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}${cluster === undefined ? '' : `, ${cluster.version}`}`,
  )
  note(
    `queries of the ${options.half} half, ${options.queries} a kind; the median of up to ${mostRounds} rounds for each query, after warming up on the other half`,
  )
  if (chosen.length === 0) return
  note(
    'Our index holds artists, releases and playlists too and answers all groups with marks; the peers hold the tracks and answer ten ids, from texts given in lower case without diacritics and punctuation. Their settings:',
  )
  for (const { name, settings } of chosen) note(`  ${name}: ${settings}`)
}

const main = async (): Promise<void> => {
  const options = readSearchOptions({ size: '10k,100k,1M' })
  const names = await findNames()
  if (names.source === 'synthesized') note('the real names are not here: a made-up vocabulary stands in')
  const chosen = options.peers === undefined ? peers : peers.filter(({ key }) => options.peers?.includes(key))
  let isStopping = false
  process.once('SIGINT', () => {
    isStopping = true
    note('What is under way is measured to its end; the rest is left out.')
  })
  await using folder = await temporaryFolder('bench-search')
  const cluster = chosen.some(({ needsPostgres }) => needsPostgres) ? await startPostgres(folder.path) : undefined
  describe(options, chosen, cluster)
  const rows: Row[] = []
  try {
    await measureAll({ folder: folder.path, names, options, cluster, chosen, isStopping: () => isStopping }, rows)
  } finally {
    await cluster?.stop()
  }
  printRows(rows)
}

await main()
