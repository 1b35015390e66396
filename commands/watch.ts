import { spawn } from 'node:child_process'
import { join } from 'node:path'

// npm run watch: the unit tests of what has changed since the last commit, and again at every edit. `npm run watch -- FILTER` for others.

const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs')
const filters = process.argv.slice(2)
const child = spawn(
  process.execPath,
  [vitest, 'watch', '--project=unit', ...(filters.length === 0 ? ['--changed'] : filters)],
  { cwd: join(import.meta.dirname, '..'), stdio: 'inherit' },
)
child.on('close', (code) => (process.exitCode = code ?? 1))
