import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { runNamedProgram } from './named-program.ts'

// Benches run the real server with the built app. Built beside, because what a build prints is no row of --json.
const built = spawnSync(process.execPath, [join(import.meta.dirname, 'build.ts')], { stdio: ['ignore', 2, 2] })
if (built.status === 0) await runNamedProgram('bench', ['../bench/'])
else process.exitCode = 1
