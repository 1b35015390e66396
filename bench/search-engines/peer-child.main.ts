import { foldForGrading } from '../catalogue/fold-for-grading.ts'
import { isMeant, type Query } from '../catalogue/query.ts'
import { askAll } from './ask-queries.ts'
import { readTracks, timeSource, type PeerTrack } from './catalog-files.ts'
import { levelKinds } from './level-kinds.ts'
import { peakMemory, readOrder, restingMemory, tell } from './measured-child.ts'
import { peers } from './peer-engine.ts'

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
await tell({
  kind: 'built',
  buildMs,
  memory: peer.needsPostgres ? undefined : await restingMemory(),
  peakMemory: peakMemory(),
  indexBytes: await engine.indexBytes(),
})

// Read only now, because the names are for the grader and no part of the engine.
const shown: (readonly [title: string, artists: readonly string[]])[] = []
for (const { id, title, artist } of readTracks(task.tracks)) shown[id] = [title, artist.split('; ')]
const isRight = (query: Query, answer: unknown): boolean => {
  const [first] = answer as readonly number[]
  const track = first === undefined ? undefined : shown[first]
  return track !== undefined && isMeant(query, track[0], track[1])
}
for await (const asked of askAll(task, levelKinds, {
  ask: (text) => engine.search(foldForGrading(text)),
  isRight,
  mostMs: order.mostMs,
  rounds: order.rounds,
}))
  await tell({ kind: 'asked', via: 'call', asked })
await engine.close()
process.exit(0)
