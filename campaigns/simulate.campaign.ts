import { parseArgs } from 'node:util'
import { runToEnd } from '../harness/run-to-end.ts'
import { findShortfalls } from './simulate/checks/minimum-counts.ts'
import { plantedBugs } from './simulate/planted-bugs.ts'
import { runSeeds, type SeedLine } from './simulate/run-seeds.client.ts'

const help = `npm run campaign -- simulate [--from N] [--to N] [--once] [--steps N] [--stop] [--bug NAME] [--bugs]
Histories of devices, relays and people who lie, over the real code of documents and sync, with invented networks, clocks, disks and randomness. Each seed is
run twice and must give the same hash. A failure prints the seed, the step and the invariant; the same seed fails again in the same way.
  --from N --to N   The seeds   (1, 20)
  --once       Each seed only once
  --steps N    Actions of a history before everything is healed   (90)
  --stop       Stop at the first failure
  --bug NAME   With a bug planted in the code
  --bugs       Each planted bug until its first red seed that is green without it; prints a table. All must be caught. With --bug that one   (--to: 150)`

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    to: { type: 'string' },
    once: { type: 'boolean', default: false },
    steps: { type: 'string', default: '90' },
    stop: { type: 'boolean', default: false },
    bug: { type: 'string' },
    bugs: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
})
const from = Number(values.from)
const steps = Number(values.steps)

const printFailure = ({ seed, failure, isSame }: SeedLine): void => {
  const again = `npm run campaign -- simulate --from ${seed} --to ${seed} --steps ${steps}${values.bug === undefined ? '' : ` --bug '${values.bug}'`}`
  if (failure !== undefined) console.log(`seed ${seed}, step ${failure.step}: ${failure.message}\n  again: ${again}`)
  if (!isSame) console.log(`seed ${seed}: two runs gave different hashes\n  again: ${again}`)
}

const runAll = async (onStart: (kill: () => void) => void): Promise<number> => {
  const to = Number(values.to ?? 20)
  const counts = new Map<string, number>()
  let [seeds, failures, differences, seconds] = [0, 0, 0, 0]
  const run = runSeeds({ from, to, steps, isOnce: values.once, isStop: values.stop, bug: values.bug }, (line) => {
    seeds += 1
    seconds += line.seconds
    if (line.failure !== undefined) failures += 1
    if (!line.isSame) differences += 1
    printFailure(line)
    for (const [what, count] of Object.entries(line.counts)) counts.set(what, (counts.get(what) ?? 0) + count)
    if (seeds % 20 === 0) console.log(`${seeds} seeds, ${failures} failures`)
  })
  onStart(run.kill)
  await run.done
  for (const [what, count] of [...counts].toSorted()) console.log(`${String(count).padStart(8)}  ${what}`)
  const shortfalls = findShortfalls(seeds, counts)
  for (const { what, count, least } of shortfalls) console.log(`too seldom: ${what}: ${count} of at least ${least}`)
  const each = (seconds / Math.max(1, seeds)).toFixed(2)
  console.log(
    `${seeds} seeds, ${failures} failures, ${differences} hash differences, ${each} s of processor time each.`,
  )
  return failures + differences + shortfalls.length
}

/** The first red seed from here on. */
const findRed = async (options: { from: number; to: number; bug?: string }, onStart: (kill: () => void) => void) => {
  let found: SeedLine | undefined
  const run = runSeeds({ ...options, steps, isOnce: true, isStop: true }, (line) => {
    if (line.failure !== undefined) found ??= line
  })
  onStart(run.kill)
  await run.done
  return found
}

/** A seed that is red without the bug too says nothing about it. */
const catchBug = async (bug: string, onStart: (kill: () => void) => void): Promise<SeedLine | undefined> => {
  const to = Number(values.to ?? 150)
  for (let seed = from; seed <= to;) {
    const red = await findRed({ from: seed, to, bug }, onStart)
    if (red === undefined) return undefined
    if ((await findRed({ from: red.seed, to: red.seed }, onStart)) === undefined) return red
    console.log(`seed ${red.seed} is red without a bug too`)
    seed = red.seed + 1
  }
  return undefined
}

const runBugs = async (onStart: (kill: () => void) => void): Promise<number> => {
  const chosen = plantedBugs.filter(({ name }) => values.bug === undefined || name === values.bug)
  if (chosen.length === 0) throw new Error(`no planted bug is called "${values.bug}"`)
  const missed: string[] = []
  for (const { name } of chosen) {
    const found = await catchBug(name, onStart)
    if (found === undefined) missed.push(name)
    const result = found === undefined ? 'not found' : `seed ${found.seed}: ${found.failure?.message.split('\n')[0]}`
    console.log(`${name.padEnd(70)} ${result}`)
  }
  console.log(`${chosen.length - missed.length} of ${chosen.length} planted bugs were caught.`)
  return missed.length
}

if (values.help === true) console.log(help)
else {
  const end = await runToEnd('simulate', async ({ onEnd }) => {
    const wrong = await (values.bugs ? runBugs(onEnd) : runAll(onEnd))
    if (wrong > 0) throw new Error(values.bugs ? `${wrong} planted bugs were not caught` : 'the simulation is red')
  })
  process.exit(end.exitCode)
}
