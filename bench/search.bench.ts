import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { temporaryFolder } from '../e2e/world.ts'
import { findNames } from './catalogue/names.ts'
import { note, printRows, type Row } from './rows.ts'
import { comparisonRows, ownRows, peerRows } from './search-engines/engine-rows.ts'
import { measureHttp } from './search-engines/http-search.ts'
import { runMeasured, type ChildOrder, type Outcome } from './search-engines/measured-child.ts'
import { peers, type Peer } from './search-engines/peer-engine.ts'
import { startPostgres } from './search-engines/postgres-cluster.ts'
import { writeCatalog } from './search-engines/write-catalog.ts'
import { readSearchOptions } from './search-options.ts'

// How fast search answers, and how large it is, beside what else one could have taken: every engine in a process of its own, one after the other,
// on the same catalog and the same queries, first hits graded alike. `--peers none` leaves the others out.

const seconds = { peer: 420, own: 600, perKind: 20 } as const
/** Many, because the machine may have other things to do. */
const mostRounds = 5

const chosenPeers = (keys: readonly string[] | undefined): readonly Peer[] => (keys === undefined ? peers : peers.filter(({ key }) => keys.includes(key)))

const told = (name: string, size: string, { reports, failure }: Outcome): void => {
  for (const report of reports) {
    if (report.kind !== 'asked') continue
    const { kind, ms, asked, rounds } = report.asked
    if (ms.length < asked) note(`${name}, ${size}, ${kind} (${report.via}): ${ms.length} of ${asked} queries were answered in ${seconds.perKind} s; the figures are of those`)
    else if (rounds < mostRounds && kind !== 'any') note(`${name}, ${size}, ${kind} (${report.via}): ${rounds} of ${mostRounds} rounds in ${seconds.perKind} s`)
  }
  if (failure !== undefined) note(`${name}, ${size}: ${failure}`)
}

const main = async (): Promise<void> => {
  const options = readSearchOptions({ size: '10k,100k,1M' })
  const names = await findNames()
  if (names.source === 'synthesized') note('the real names are not here: a made-up vocabulary stands in')
  const chosen = chosenPeers(options.peers)
  note(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; queries of the ${options.half} half, ${options.queries} a kind; the median of up to ${mostRounds} rounds for each query, after warming up on the other half`)
  if (chosen.length > 0) note('Our index holds artists, releases and playlists too and answers all groups with marks; the peers hold the tracks and answer ten ids, from texts given in lower case without diacritics and punctuation. Their settings:')
  for (const { name, settings } of chosen) note(`  ${name}: ${settings}`)
  await using folder = await temporaryFolder('bench-search')
  const cluster = chosen.some(({ needsPostgres }) => needsPostgres) ? await startPostgres(folder.path) : undefined
  const rows: Row[] = []
  try {
    for (const size of options.sizes) {
      const files = join(folder.path, size.name)
      mkdirSync(files)
      const taskFile = join(files, 'task.json')
      const task = writeCatalog(files, { names, size, half: options.half, perKind: options.queries })
      writeFileSync(taskFile, JSON.stringify(task))
      const order = (engine: string): ChildOrder => ({ engine, taskFile, socket: cluster?.socket, mostMs: seconds.perKind * 1000, rounds: mostRounds })
      const own = await runMeasured('index-child.ts', order('tonestead'), seconds.own)
      told('ours', size.name, own)
      rows.push(...ownRows(size.name, own))
      if (own.failure === undefined) {
        const others = [await measureHttp(task, seconds.perKind * 1000), await runMeasured('thread-child.ts', order('tonestead'), seconds.own)]
        for (const other of others) {
          told('ours', size.name, other)
          rows.push(...ownRows(size.name, other))
        }
      }
      for (const peer of chosen) {
        if (peer.needsPostgres && cluster === undefined) {
          note(`PostgreSQL is not installed: no ${peer.name}`)
          continue
        }
        const outcome = await runMeasured('peer-child.ts', order(peer.key), seconds.peer)
        told(peer.name, size.name, outcome)
        const memory = peer.needsPostgres ? cluster?.memory() : undefined
        rows.push(...peerRows(peer.name, size.name, { outcome, memory, limitSeconds: seconds.peer }), ...comparisonRows(peer.name, size.name, { own, peer: outcome }))
      }
    }
  } finally {
    await cluster?.stop()
  }
  printRows(rows)
}

await main()
