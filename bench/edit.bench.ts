import { openList, ours, others, type EditPeer } from './sync/edit-peers.ts'
import { inventSteps, readTraceSteps, type EditStep } from './sync/edit-steps.ts'
import { measureEdits, type EditFigures } from './sync/measure-edits.ts'
import { parseCount } from './runner/bench-options.ts'
import { note } from './runner/note.ts'
import { quantile, row } from './runner/rows.ts'
import { runBench } from './runner/run-bench.ts'

/** design/sync.md, Levels: an edit is shown on another device. */
const levelMs = 50

const shares = [
  ['p50', 0.5],
  ['p99', 0.99],
] as const

/** The steps of each workload: traces of people who typed, a character as an entry, or steps that are made up. */
const readWorkloads = (names: string, count: number): Map<string, readonly EditStep[]> => {
  const workloads = new Map<string, readonly EditStep[]>()
  for (const name of names.split(',')) {
    const steps = name === 'random' ? inventSteps(count) : readTraceSteps(name, count)
    if (steps === undefined) note(`The trace ${name} is not here: it is left out.`)
    else workloads.set(name, steps)
  }
  return workloads
}

await runBench(
  {
    name: 'edit',
    about:
      'Time from an edit of a shared list on one device until another device shows it, over a relay, in processes of their own on this machine. Beside automerge-repo and Yjs with their own WebSocket servers and the same edits in the same run. No page draws the list: "shown" means that the document of the other device has the edit.',
    options: {
      edits: { about: 'edits of each workload', value: '1000', short: '60' },
      every: { about: 'milliseconds between two edits', value: '20' },
      workloads: {
        about: 'names of editing traces, or "random", with commas',
        value: 'random,automerge-paper,friendsforever_flat',
        short: 'random',
      },
    },
  },
  async (run) => {
    const [edits, every] = [parseCount('edits', run.options.edits), parseCount('every', run.options.every)]
    for (const [name, steps] of readWorkloads(run.options.workloads, edits)) {
      const measure = async (peer: EditPeer): Promise<EditFigures> => {
        note(`${name}: ${peer.name}; durable: ${peer.durability}`)
        const list = await openList(run, peer)
        const figures = await measureEdits(list, steps, every)
        await list.close()
        return figures
      }
      const own = await measure(ours)
      const figures = { case: `${name}, relay`, unit: 'ms', better: 'lower' } as const
      for (const [metric, share] of shares)
        run.add(
          row({ ...figures, metric, value: quantile(own.ms, share), ...(metric === 'p99' ? { level: levelMs } : {}) }),
        )
      const wire = {
        case: figures.case,
        metric: 'wire',
        unit: 'bytes/edit',
        better: 'lower',
        value: own.bytes,
      } as const
      run.add(row(wire))
      for (const peer of others) {
        const its = await measure(peer)
        const peerName = `${peer.name} (durable: ${peer.durability})`
        for (const [metric, share] of shares)
          run.add(
            row({
              ...figures,
              metric,
              value: quantile(own.ms, share),
              peer: peerName,
              peerValue: quantile(its.ms, share),
            }),
          )
        run.add(row({ ...wire, peer: peerName, peerValue: its.bytes }))
      }
    }
  },
)
