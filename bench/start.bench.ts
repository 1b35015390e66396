import { execFileSync, spawn } from 'node:child_process'
import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, untilPublished } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { note, printRows, row } from './rows.ts'

// From a fresh clone with its packages installed to the demo album playable: `npm start`, cold and then again on the same data.

const limitSeconds = 60

const startOnce = async (
  clone: string,
  port: number,
): Promise<{ readySeconds: number; playableSeconds: number; wholeSeconds: number }> => {
  const began = performance.now()
  const since = (): number => (performance.now() - began) / 1000
  const child = spawn('npm', ['start', '--', '--port', String(port)], {
    cwd: clone,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  let readySeconds = Number.NaN
  child.stdout.on('data', (data: Buffer) => {
    if (Number.isNaN(readySeconds) && data.toString().includes('Tonestead ready at')) readySeconds = since()
  })
  try {
    await untilPublished(`http://127.0.0.1:${port}`, { releases: 1, tracks: 1 })
    const playableSeconds = since()
    await untilPublished(`http://127.0.0.1:${port}`, { releases: 1, tracks: 4 })
    const wholeSeconds = since()
    // On data that is there already, everything is playable before the last line is printed.
    while (Number.isNaN(readySeconds)) await new Promise((resolve) => setTimeout(resolve, 20))
    return { readySeconds, playableSeconds, wholeSeconds }
  } finally {
    // As Ctrl-C does it: to the whole group, since npm itself hands SIGINT to nobody.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
    await ended
  }
}

const main = async (): Promise<void> => {
  const repository = join(import.meta.dirname, '..')
  await using folder = await temporaryFolder('bench-start')
  const clone = join(folder.path, 'tonestead')
  execFileSync('git', ['clone', '-q', '--no-hardlinks', repository, clone])
  const installing = performance.now()
  // --quick borrows the installed packages; the real thing installs them.
  if (process.argv.includes('--quick')) await symlink(join(repository, 'node_modules'), join(clone, 'node_modules'))
  else execFileSync('npm', ['ci', '--loglevel=error'], { cwd: clone, stdio: ['ignore', 'ignore', 'inherit'] })
  const installSeconds = (performance.now() - installing) / 1000
  const port = await freePort()
  const cold = await startOnce(clone, port)
  const again = await startOnce(clone, port)
  note('the demo album is synthesized, encoded and sealed during the cold start; nothing is encoded in the second')
  const seconds = { unit: 's', better: 'lower' } as const
  printRows([
    ...(process.argv.includes('--quick')
      ? []
      : [row({ ...seconds, case: 'npm ci', metric: 'wall time', value: installSeconds, limit: 180 })]),
    row({ ...seconds, case: 'cold', metric: 'ready', value: cold.readySeconds, limit: limitSeconds }),
    row({
      ...seconds,
      case: 'cold',
      metric: 'first demo track playable',
      value: cold.playableSeconds,
      limit: limitSeconds,
    }),
    row({
      ...seconds,
      case: 'cold',
      metric: 'whole demo album playable',
      value: cold.wholeSeconds,
      limit: limitSeconds,
    }),
    row({
      ...seconds,
      case: 'second start',
      metric: 'ready',
      value: again.readySeconds,
      limit: limitSeconds,
      peer: 'cold',
      peerValue: cold.readySeconds,
    }),
    row({
      ...seconds,
      case: 'second start',
      metric: 'whole demo album playable',
      value: again.wholeSeconds,
      limit: limitSeconds,
    }),
  ])
  await rm(clone, { recursive: true, force: true })
}

await main()
