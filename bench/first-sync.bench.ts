import { fillList, openList, ours, others, type EditPeer, type OpenList } from './sync/edit-peers.ts'
import { parseCount } from './runner/bench-options.ts'
import { note } from './runner/note.ts'
import { median, row } from './runner/rows.ts'
import { runBench } from './runner/run-bench.ts'

type FirstSync = { readonly ms: number; readonly bytes: number }

/** From the moment when the program of the new device is loaded until it shows all entries. */
const measureFirstSync = async (list: OpenList, entries: number): Promise<FirstSync> => {
  const before = list.bytes()
  let opening = Number.NaN
  const shown = Promise.withResolvers<number>()
  await list.join((message) => {
    if (message.kind === 'opening') opening = message.at
    if (message.kind === 'shown' && message.total === entries) shown.resolve(message.at)
  })
  return { ms: (await shown.promise) - opening, bytes: list.bytes() - before }
}

await runBench(
  {
    name: 'first-sync',
    about:
      'Time until a device that joins shows a whole playlist that the server has, in a process of its own on this machine, beside automerge-repo and Yjs with the same entries. Ours also makes the keys of a new account, begins its collection, redeems an invitation and checks every change; the others trust the server. The time begins when the program is loaded.',
    options: {
      entries: { about: 'entries of the playlist, with commas', value: '1000,10000', short: '200' },
      repetitions: { about: 'devices that join, one after the other', value: '3', short: '1' },
    },
  },
  async (run) => {
    const repetitions = parseCount('repetitions', run.options.repetitions)
    for (const count of run.options.entries.split(',')) {
      const entries = parseCount('entries', count)
      const measure = async (peer: EditPeer): Promise<FirstSync> => {
        note(`${entries} entries: ${peer.name}`)
        const list = await openList(run, peer)
        await fillList(list, entries)
        const all: FirstSync[] = []
        while (all.length < repetitions) all.push(await measureFirstSync(list, entries))
        await list.close()
        return { ms: median(all.map(({ ms }) => ms)), bytes: median(all.map(({ bytes }) => bytes)) }
      }
      const own = await measure(ours)
      const time = { case: `${entries} entries`, metric: 'first sync', unit: 'ms', better: 'lower' } as const
      const wire = { case: `${entries} entries`, metric: 'wire', unit: 'bytes', better: 'lower' } as const
      for (const peer of others) {
        const its = await measure(peer)
        run.add(row({ ...time, value: own.ms, peer: peer.name, peerValue: its.ms }))
        run.add(row({ ...wire, value: own.bytes, peer: peer.name, peerValue: its.bytes }))
      }
    }
  },
)
