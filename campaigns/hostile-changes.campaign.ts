import { parseArgs } from 'node:util'
import {
  checkHostile,
  harmOf,
  hostileCase,
  hostileKinds,
} from '../app/src/engine/replica/change-check/hostile/hostile-changes.testkit.ts'
import {
  createVictim,
  seededRandom,
  type Victim,
} from '../app/src/engine/replica/change-check/hostile/hostile-victim.testkit.ts'
import { largeChanges } from '../app/src/engine/replica/change-check/hostile/large-changes.testkit.ts'
import { measureIndex } from '../app/src/engine/replica/change-check/operation-index/measure-index.testkit.ts'

const help = `npm run campaign -- hostile-changes [--count N] [--seed S]

Checks bodies that a hostile editor could seal (run lengths, compression, counters, references, predecessors, gaps, flipped bits, truncation), one kind
after the other, and looks at what the accepted ones do to a document: it must save, load, be replayed and be edited. Then the largest bodies within the
limits, and an index of 50,000 operations. Prints what was refused and accepted, the slowest check of each kind in
CPU time, and the memory.

  --count N  hostile bodies (10000)
  --seed S   seed of the first one (1)`

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean' },
  },
})

/** CPU time of this thread: on a busy machine the time by the clock says little. */
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

type Figures = { made: number; accepted: number; slowestMs: number; reasons: Map<string, number> }

const harms: string[] = []
let highestRssBytes = 0

/** A new document now and then, and after each that was changed. */
const casesOfVictim = 50
let victim: { readonly seed: number; readonly document: Victim } | undefined

/** Only the check is timed; making the body and looking for harm are not. */
const tryOne = (kind: string, seed: number, figures: Figures): void => {
  if (victim === undefined || seed % casesOfVictim === 0) victim = { seed, document: createVictim(seededRandom(seed)) }
  const { seed: victimSeed, document } = victim
  const hostile = hostileCase(kind, seed, document)
  const rssBefore = process.memoryUsage.rss()
  const start = cpuMs()
  const verdict = checkHostile(hostile)
  figures.slowestMs = Math.max(figures.slowestMs, cpuMs() - start)
  highestRssBytes = Math.max(highestRssBytes, process.memoryUsage.rss() - rssBefore)
  figures.made += 1
  if (verdict.kind === 'void') {
    figures.reasons.set(verdict.reason, (figures.reasons.get(verdict.reason) ?? 0) + 1)
    return
  }
  figures.accepted += 1
  const harm = hostile.mayPass ? harmOf(hostile, verdict) : 'must never be accepted'
  if (harm !== undefined) harms.push(`${kind}, seed ${seed}, document ${victimSeed}: ${harm}`)
  victim = undefined
}

const print = (kind: string, { made, accepted, slowestMs, reasons }: Figures): void => {
  const refused = [...reasons].map(([reason, count]) => `${reason} ${count}`).join(', ')
  console.log(
    `${kind.padEnd(20)} ${String(made).padStart(5)} bodies, ${String(accepted).padStart(4)} accepted, slowest ${slowestMs.toFixed(1).padStart(6)} ms  ${refused}`,
  )
}

const run = (kinds: readonly string[], count: number, firstSeed: number): Figures => {
  const all = new Map(
    kinds.map((kind) => [kind, { made: 0, accepted: 0, slowestMs: 0, reasons: new Map() } as Figures]),
  )
  for (let index = 0; index < count; index += 1) {
    const kind = kinds[index % kinds.length]!
    tryOne(kind, firstSeed + index, all.get(kind)!)
    if (index % 1_000 === 999) console.log(`${index + 1} bodies`)
  }
  const total: Figures = { made: 0, accepted: 0, slowestMs: 0, reasons: new Map() }
  for (const [kind, figures] of all) {
    print(kind, figures)
    total.made += figures.made
    total.accepted += figures.accepted
    total.slowestMs = Math.max(total.slowestMs, figures.slowestMs)
  }
  return total
}

const main = (): void => {
  const large = Object.keys(largeChanges)
  const small = Object.keys(hostileKinds).filter((kind) => !large.includes(kind))
  const seed = Number(values.seed)
  const hostile = run(small, Number(values.count), seed)
  console.log('The largest bodies within the limits, which are right:')
  const largest = run(large, large.length * 5, seed)
  console.log(
    `${hostile.made} hostile bodies: ${hostile.made - hostile.accepted} refused, ${hostile.accepted} accepted as harmless; slowest check ${hostile.slowestMs.toFixed(1)} ms of CPU time; of the largest right ones ${largest.slowestMs.toFixed(1)} ms.`,
  )
  console.log(
    `Memory: one check raised it by at most ${(highestRssBytes / 2 ** 20).toFixed(1)} MiB; the process has ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB.`,
  )
  for (const line of measureIndex(cpuMs)) console.log(line)
  for (const harm of harms) console.log(`HARM ${harm}`)
  if (harms.length > 0) process.exitCode = 1
}

if (values.help === true) console.log(help)
else main()
