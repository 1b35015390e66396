import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('./main.ts', import.meta.url))
const root = await mkdtemp(join(tmpdir(), 'tonestead-main-'))
afterAll(() => rm(root, { recursive: true, force: true }))

/**
 * A free port below the ranges from which systems give ports to others (32768 and up on Linux, 49152 and up elsewhere):
 * nobody gets it by chance before or between the programs that are started here.
 */
const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(10_000, 32_000)
    const server = createServer().listen(port, '127.0.0.1')
    const outcome = await Promise.race([
      once(server, 'listening').then(() => 'free'),
      once(server, 'error').then(() => 'taken'),
    ])
    if (outcome === 'taken') continue
    server.close()
    await once(server, 'close')
    return port
  }
}

/** Starts the program as a person does. */
const start = (args: readonly string[], environment: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: root,
    env: { ...process.env, ...environment },
  })
  const printed = { out: '', err: '' }
  child.stdout.on('data', (data: Buffer) => (printed.out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (printed.err += data.toString()))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => {
      if (printed.out.includes('ready at')) resolve()
    })
    void ended.then((code) => {
      reject(new Error(`ended with ${code}: ${printed.err}`))
    })
  })
  // Tests that await only `ended` expect the program to stop before it is ready.
  ready.catch(() => undefined)
  return { child, printed, ended, ready }
}
const refusal = async (
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<{ code: number | null; text: string }> => {
  const run = start(args, environment)
  const code = await run.ended
  expect(run.printed.err, run.printed.err).not.toMatch(/\n\s+at |node:internal/)
  return { code, text: run.printed.err.trim() }
}
const newFolder = (name: string): Promise<string> => mkdtemp(join(root, `${name}-`))

describe('the program', () => {
  it('prints its help', async () => {
    const run = start(['--help'])
    expect(await run.ended).toBe(0)
    for (const flag of [
      '--data',
      '--port',
      '--host',
      '--public-url',
      '--tls-cert',
      '--tls-key',
      '--workers',
      '--no-demo',
      '--app',
      '--name',
    ])
      expect(run.printed.out).toContain(flag)
  })

  it('refuses a wrong flag with one sentence and code 2', async () => {
    const { code, text } = await refusal(['--port', 'eighty'])
    expect(text).toBe('--port is not a whole number. See --help.')
    expect(code).toBe(2)
  })

  it('refuses folders that do not exist, are files, or contain no app', async () => {
    const data = await newFolder('data')
    await writeFile(join(root, 'a-file'), 'x')
    const base = ['--no-demo', '--port', String(await freePort())]
    expect(await refusal([...base, '--data', data, join(root, 'nowhere')])).toMatchObject({
      code: 1,
      text: expect.stringContaining('is not there'),
    })
    expect(await refusal([...base, '--data', data, join(root, 'a-file')])).toMatchObject({
      code: 1,
      text: expect.stringContaining('is a file'),
    })
    expect(await refusal([...base, '--data', join(root, 'a-file')])).toMatchObject({
      code: 1,
      text: expect.stringContaining('cannot be made'),
    })
    expect(await refusal([...base, '--data', data, '--app', data])).toMatchObject({
      code: 1,
      text: expect.stringContaining('holds no built app'),
    })
    expect(await refusal([...base, '--data', data, '--tls-cert', 'no.pem', '--tls-key', 'no.pem'])).toMatchObject({
      code: 1,
      text: expect.stringContaining('cannot be read'),
    })
  })

  it('reports that a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    expect(await refusal(['--no-demo', '--data', await newFolder('data'), '--port', String(port)])).toMatchObject({
      code: 1,
      text: expect.stringContaining(`Port ${port} is taken`),
    })
    taken.close()
  })

  it('runs only once on a data folder, also after kill -9, keeps its identity, and stops cleanly', async () => {
    const data = await newFolder('data')
    const args = ['--no-demo', '--data', data, '--port', String(await freePort())]
    const first = start(args)
    await first.ready
    const identify = async () =>
      ((await (await fetch(`http://127.0.0.1:${args.at(-1)}/api/server`)).json()) as { id: string }).id
    const id = await identify()
    expect(first.printed.out).toMatch(/#claim=[a-z2-7]{24}/)
    expect(await refusal(['--no-demo', '--data', data, '--port', String(await freePort())])).toMatchObject({
      code: 1,
      text: expect.stringContaining('Another Tonestead server is running'),
    })
    first.child.kill('SIGKILL')
    await first.ended
    const second = start(args)
    await second.ready
    expect(await identify()).toBe(id)
    second.child.kill('SIGTERM')
    expect(await second.ended).toBe(0)
    expect(second.printed.err).toBe('')
    const third = start(args)
    await third.ready
    third.child.kill('SIGINT')
    expect(await third.ended).toBe(0)
  })

  it('stops cleanly when it gets the signal during its start', async () => {
    const data = await newFolder('data')
    const run = start(['--no-demo', '--data', data, '--port', String(await freePort())])
    // Its first files appear early in the start; the ready line comes later.
    while ((await readdir(data)).length === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(0)
    expect(run.printed.err).toBe('')
  })

  it('never prints its secrets, and refuses to start when one is readable by others, missing or damaged', async () => {
    const data = await newFolder('data')
    const args = ['--no-demo', '--data', data, '--port', String(await freePort())]
    const run = start(args)
    await run.ready
    run.child.kill('SIGTERM')
    await run.ended
    const secrets = join(data, 'secrets')
    const names = await readdir(secrets)
    for (const name of names)
      expect(run.printed.out + run.printed.err).not.toContain((await readFile(join(secrets, name), 'utf8')).trim())
    if (process.platform !== 'win32') {
      await chmod(join(secrets, 'instance.key'), 0o644)
      expect(await refusal(args)).toMatchObject({
        code: 1,
        text: expect.stringContaining('can be read by other users'),
      })
      await chmod(join(secrets, 'instance.key'), 0o600)
    }
    const key = await readFile(join(secrets, 'instance.key'))
    await writeFile(join(secrets, 'instance.key'), 'short')
    expect(await refusal(args)).toMatchObject({ code: 1, text: expect.stringContaining('is damaged') })
    await rm(join(secrets, 'instance.key'))
    expect(await refusal(args)).toMatchObject({ code: 1, text: expect.stringContaining('is missing') })
    await rm(secrets, { recursive: true })
    expect(await refusal(args)).toMatchObject({ code: 1, text: expect.stringContaining('has no folder "secrets"') })
    expect(await readdir(data)).not.toContain('secrets')
    await mkdir(secrets, { mode: 0o700 })
    for (const name of names) await writeFile(join(secrets, name), name === 'instance.key' ? key : 'x', { mode: 0o600 })
    expect(await refusal(args)).toMatchObject({ code: 1, text: expect.stringContaining('is damaged') })
  })
})
