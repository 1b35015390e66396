import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

// npm run campaign -- screens: axe on every screen, in both themes, at all three sizes. The tests take one size of each screen.

const child = spawn(
  process.execPath,
  [join(import.meta.dirname, '..', 'commands', 'run.mjs'), 'test', '--no-checks', '--journeys', 'e2e/ui.spec.ts'],
  { stdio: 'inherit', env: { ...process.env, TONESTEAD_EVERY_SIZE: '1' } },
)
const [code] = (await once(child, 'close')) as [number | null]
process.exitCode = code ?? 1
