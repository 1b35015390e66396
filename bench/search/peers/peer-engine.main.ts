import { foldForGrading } from '../../catalog/fold-for-grading.ts'
import { isMeant, type Query } from '../../catalog/query.ts'
import { readTracks, timeSource, type PeerTrack } from '../catalog-files.ts'
import { peers } from './search-peers.ts'
import { peakMemory, readOrder, restingMemory, sendReport } from '../run-engine.ts'
import { kindsWithLevel } from '../search-levels.ts'
import { timeQueries } from '../time-queries.ts'

// One peer in this process: builds its index, then answers the queries.

const { order, task } = readOrder()
const peer = peers.find(({ key }) => key === order.engine)
if (peer === undefined) throw new RangeError(`no peer ${order.engine}`)

function* foldedTracks(): Generator<PeerTrack> {
  for (const track of readTracks(task.tracks))
    yield {
      ...track,
      title: foldForGrading(track.title),
      artist: foldForGrading(track.artist),
      album: foldForGrading(track.album),
    }
}
const source = timeSource(foldedTracks())
const before = performance.now()
const engine = await peer.create({ tracks: source.items, socket: order.socket })
const buildMs = performance.now() - before - source.spentMs()
// The memory of PostgreSQL is in other processes.
const memory = peer.needsPostgres ? undefined : await restingMemory()
await sendReport({ kind: 'built', buildMs, memory, peakMemory: peakMemory(), indexBytes: await engine.indexBytes() })

// Read only now: titles and names serve the grading and must not count as memory of the engine.
const shown: (readonly [title: string, artists: readonly string[]])[] = []
for (const { id, title, artist } of readTracks(task.tracks)) shown[id] = [title, artist.split('; ')]
const isRight = (query: Query, answer: unknown): boolean => {
  const [first] = answer as readonly number[]
  const track = first === undefined ? undefined : shown[first]
  return track !== undefined && isMeant(query, track[0], track[1])
}
for await (const times of timeQueries(task, kindsWithLevel, {
  search: (text) => engine.search(foldForGrading(text)),
  isRight,
  mostMs: order.mostMs,
  rounds: order.rounds,
}))
  await sendReport({ kind: 'times', via: 'call', times })
await engine.close()
process.exit(0)
