import { parseArgs } from 'node:util'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { startPostgres } from '../sync-server/src/postgres-server.testkit.ts'
import { runRelayKills } from '../sync-server/src/relay-kills.testkit.ts'

// npm run campaign -- relay-kills [--runs N] [--seed N] [--store sqlite|postgres]: kill -9 of the relay while eight devices write. No receipt without its item.

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    store: { type: 'string', default: 'sqlite' },
  },
})
const runs = Number(values.runs)
let state = Number(values.seed)
const random = (): number => {
  state = (state * 48_271) % 2_147_483_647
  return state / 2_147_483_647
}

await using folder = await temporaryFolder('relay-kills')
const postgres = values.store === 'postgres' ? await startPostgres() : undefined
if (postgres?.kind === 'missing') throw new Error(`there is ${postgres.reason}`)
try {
  const report = await runRelayKills({
    dataFolder: folder.path,
    runs,
    random,
    args: postgres === undefined ? [] : ['--database-url', postgres.url],
    onRun: ({ runs: done, receipts, lost, faults }) => {
      if (done % 10 === 0 || lost > 0 || faults.length > 0)
        console.log(`${done} kills: ${receipts} receipts, ${lost} of them without their item, ${faults.length} faults`)
    },
  })
  for (const fault of report.faults.slice(0, 20)) console.log(fault)
  console.log(`${report.runs} kills, ${report.receipts} receipts, ${report.lost} lost, ${report.faults.length} faults`)
  process.exitCode = report.lost > 0 || report.faults.length > 0 || report.receipts < runs ? 1 : 0
} finally {
  await postgres?.stop()
}
