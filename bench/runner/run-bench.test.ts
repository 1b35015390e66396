import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runningProcesses } from '../../harness/child-processes.ts'

// Each test starts a small benchmark as a process of its own: exit code, output and leftovers are what is checked.

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tonestead-run-bench-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Ended = { code: number | null; stdout: string; stderr: string }

/** Runs `body` as the measuring function; it may use `run`, `row` and `spawn`. */
const runSample = async (
  name: string,
  body: string,
  options: { args?: readonly string[]; interruptAt?: string; environment?: NodeJS.ProcessEnv; tools?: string } = {},
): Promise<Ended> => {
  const file = join(folder, `${name}.mjs`)
  const at = (path: string): string => pathToFileURL(join(import.meta.dirname, path)).href
  await writeFile(
    file,
    `import { spawn } from 'node:child_process'
     import { runBench } from '${at('run-bench.ts')}'
     import { row } from '${at('rows.ts')}'
     const one = row({ case: 'c', metric: 'm', unit: 'ms', better: 'lower', value: 1, level: 2 })
     const startChild = () => {
       const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { detached: true, stdio: 'ignore' })
       console.error('child=' + child.pid + ';')
     }
     await runBench(
       { name: 'sample', about: 'A sample.', options: { rounds: { about: 'rounds', value: '5', short: '1' } }, ${options.tools ?? ''} },
       async (run) => { console.error('folder=' + run.folder + ';'); ${body} },
     )`,
  )
  const child = spawn(process.execPath, [file, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (data: Buffer) => void (stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString()
    if (options.interruptAt !== undefined && stderr.includes(options.interruptAt)) child.kill('SIGINT')
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, stdout, stderr }
}

/** The processes and folders that the sample printed, and that are still there. A killed process may take a moment to end. */
const leftovers = async ({ stderr }: Ended): Promise<string[]> => {
  const pids = [...stderr.matchAll(/child=(\d+);/g)].map(([, pid]) => Number(pid))
  const left = (): number[] => runningProcesses().flatMap(({ pid }) => (pids.includes(pid) ? [pid] : []))
  for (let attempt = 0; attempt < 200 && left().length > 0; attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
  const folders = [...stderr.matchAll(/folder=(.+?);/g)].map(([, path = '']) => path)
  return [...left().map(String), ...folders.filter((path) => existsSync(path))]
}

describe('a run of a benchmark', () => {
  it('prints rows as a table, and exits with 0', async () => {
    const ended = await runSample('table', 'run.add(one)')
    expect([ended.code, ended.stdout.includes('<= 2 yes')]).toEqual([0, true])
    expect(await leftovers(ended)).toEqual([])
  })

  it('prints only rows to stdout with --json, and takes the values of the short form with --short', async () => {
    const body = 'run.add({ ...one, value: Number(run.options.rounds) })'
    const { stdout } = await runSample('json', body, { args: ['--json', '--short'] })
    expect(JSON.parse(stdout)).toMatchObject([{ case: 'c', value: 1, level: 2 }])
  })

  it('ends at once with the message when something fails, and leaves no process or folder', async () => {
    const ended = await runSample(
      'fails',
      "startChild(); run.fail(new Error('the page broke')); await new Promise(() => setInterval(() => 0, 1000))",
    )
    expect([ended.code, ended.stdout, ended.stderr.includes('the page broke')]).toEqual([1, '', true])
    expect(await leftovers(ended)).toEqual([])
  })

  it('closes what was opened, the last first, when the measurement throws', async () => {
    const ended = await runSample(
      'throws',
      "startChild(); run.onEnd(() => console.error('closed first opened')); run.onEnd(() => console.error('closed last opened')); throw new Error('broken')",
    )
    expect(ended.code).toBe(1)
    expect(ended.stderr).toMatch(/broken[^]*closed last opened[^]*closed first opened/)
    expect(await leftovers(ended)).toEqual([])
  })

  it('prints the rows until then when it is interrupted, and leaves no process or folder', async () => {
    const ended = await runSample(
      'interrupted',
      'run.add(one); startChild(); await new Promise(() => setInterval(() => 0, 1000))',
      {
        interruptAt: 'child=',
        args: ['--json'],
      },
    )
    expect(ended.code).toBe(130)
    expect(JSON.parse(ended.stdout)).toHaveLength(1)
    expect(await leftovers(ended)).toEqual([])
  })

  it('names a missing tool before it starts, and says how to give it', async () => {
    const ended = await runSample('tools', 'run.add(one)', {
      tools: "requiredTools: ['chromium']",
      environment: { TONESTEAD_CHROMIUM: '' },
    })
    expect([ended.code, ended.stdout, ended.stderr.includes('folder=')]).toEqual([2, '', false])
    expect(ended.stderr).toContain(
      'Chromium is missing: give the path of the program in the environment variable TONESTEAD_CHROMIUM.',
    )
  })

  it('names a missing peer and runs without it', async () => {
    const ended = await runSample('peer', 'run.add(one)', {
      tools: "peerTools: ['nginx']",
      environment: { TONESTEAD_NGINX: '/nothing/here' },
    })
    expect(ended.code).toBe(0)
    expect(ended.stderr).toContain('nginx is missing')
  })

  it('refuses an unknown option and prints its help', async () => {
    expect((await runSample('unknown', '', { args: ['--unknown'] })).code).toBe(2)
    const help = await runSample('help', '', { args: ['--help'] })
    expect([help.code, help.stdout.includes('--rounds VALUE')]).toEqual([0, true])
    expect(help.stdout).toContain('short form: 1')
  })
})
