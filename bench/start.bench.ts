import { execFile, spawn } from 'node:child_process'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort, untilPublished } from '../harness/server-process.ts'
import { note } from './runner/note.ts'
import { row } from './runner/rows.ts'
import { runBench, type BenchRun } from './runner/run-bench.ts'

const execute = promisify(execFile)
const repository = join(import.meta.dirname, '..')
/** From `npm start` to the demo album, on a machine that has the packages. */
const startLevelSeconds = 60
const installLevelSeconds = 180

type StartTimes = { readonly readySeconds: number; readonly playableSeconds: number; readonly wholeSeconds: number }

/** `npm start` until the whole demo album is published, then Ctrl-C. */
const startOnce = async (run: BenchRun<string>, clone: string, port: number): Promise<StartTimes> => {
  const began = performance.now()
  const elapsed = (): number => (performance.now() - began) / 1000
  const child = spawn('npm', ['start', '--', '--port', String(port)], {
    cwd: clone,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  // As Ctrl-C does it: SIGINT to the whole process group.
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGINT')
    await ended
  }
  run.onEnd(stop)
  const ready = new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      if (data.toString().includes('Tonestead ready at')) resolve(elapsed())
    })
    child.on('error', reject)
    void ended.then(() => reject(new Error('npm start ended before the server was ready')))
  })
  ready.catch(run.fail)
  await untilPublished(`http://127.0.0.1:${port}`, { releases: 1, tracks: 1 })
  const playableSeconds = elapsed()
  await untilPublished(`http://127.0.0.1:${port}`, { releases: 1, tracks: 4 })
  const wholeSeconds = elapsed()
  // With data from an earlier start, everything is playable before the line is printed.
  const readySeconds = await ready
  await stop()
  return { readySeconds, playableSeconds, wholeSeconds }
}

await runBench(
  {
    name: 'start',
    about:
      'Time from a fresh clone to the demo album playable: `npm ci`, then `npm start` twice on the same data. In the first start the demo album is synthesized, encoded and sealed; in the second nothing is encoded. The short form uses the packages of this repository.',
    options: {
      install: { about: 'yes: run npm ci in the clone; no: use the installed packages', value: 'yes', short: 'no' },
    },
  },
  async (run) => {
    const clone = join(run.folder, 'tonestead')
    await execute('git', ['clone', '-q', '--no-hardlinks', repository, clone])
    const seconds = { unit: 's', better: 'lower' } as const
    if (run.options.install === 'yes') {
      const installing = performance.now()
      await execute('npm', ['ci', '--loglevel=error'], { cwd: clone, maxBuffer: 2 ** 26 })
      const value = (performance.now() - installing) / 1000
      run.add(row({ ...seconds, case: 'npm ci', metric: 'wall time', value, level: installLevelSeconds }))
    } else await symlink(join(repository, 'node_modules'), join(clone, 'node_modules'))
    const port = await freePort()
    const cold = await startOnce(run, clone, port)
    run.add(
      ...(
        [
          ['ready', cold.readySeconds],
          ['first demo track playable', cold.playableSeconds],
          ['whole demo album playable', cold.wholeSeconds],
        ] as const
      ).map(([metric, value]) => row({ ...seconds, case: 'cold', metric, value, level: startLevelSeconds })),
    )
    const again = await startOnce(run, clone, port)
    const second = { ...seconds, case: 'second start', level: startLevelSeconds, peer: 'cold' }
    run.add(
      row({ ...second, metric: 'ready', value: again.readySeconds, peerValue: cold.readySeconds }),
      row({ ...second, metric: 'whole demo album playable', value: again.wholeSeconds, peerValue: cold.wholeSeconds }),
    )
    if (run.options.install === 'no') note('npm ci was not measured')
  },
)
