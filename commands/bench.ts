import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findBenchTools } from './bench-tools.ts'
import { findTools } from './find-tools.ts'
import { runNamedProgram } from './named-program.ts'

// npm run bench -- NAME: builds the app, finds the programs that this benchmark uses, runs it. Only its rows go to stdout (--json).

const [name = '', ...rest] = process.argv.slice(2)
const isRun = name !== '' && !rest.includes('--help')
const build = () => spawnSync(process.execPath, [join(import.meta.dirname, 'build.ts')], { stdio: ['ignore', 2, 2] })

if (isRun) Object.assign(process.env, await findTools(await findBenchTools(name), console.error))
if (!isRun || build().status === 0) await runNamedProgram('bench', ['../bench/'])
else process.exitCode = 1
