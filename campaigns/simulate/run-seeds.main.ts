import { parseArgs } from 'node:util'
import type { AuditLog } from './checks/invariants.ts'
import { openPatches } from './plant-bug.ts'
import { installSimulationCrypto } from './world/simulation-crypto.ts'

// Runs seeds in a process of its own and prints one line of JSON for each.

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    to: { type: 'string', default: '10' },
    steps: { type: 'string', default: '90' },
    once: { type: 'boolean', default: false },
    stop: { type: 'boolean', default: false },
  },
})

const { subtle } = installSimulationCrypto()
const { runSeed } = await import('./run-seed.ts')
const oraclePath: string = './checks/oracle.ts?oracle'
const { auditLog } = (await import(oraclePath)) as { auditLog: AuditLog }
for (const { file } of openPatches) throw new Error(`${file} was not loaded, so its patch was not applied`)

for (let seed = Number(values.from); seed <= Number(values.to); seed += 1) {
  const began = process.cpuUsage()
  const options = { seed, steps: Number(values.steps), subtle, auditLog }
  const run = await runSeed(options)
  const { user, system } = process.cpuUsage(began)
  const second = values.once || run.failure !== undefined ? undefined : await runSeed(options)
  const line = {
    seed,
    hash: run.hash,
    isSame: second === undefined || second.hash === run.hash,
    failure: run.failure,
    counts: Object.fromEntries(run.counts),
    seconds: (user + system) / 1e6,
  }
  process.stdout.write(`${JSON.stringify(line)}\n`)
  if (values.stop && (run.failure !== undefined || !line.isSame)) break
}
