import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('./main.ts', import.meta.url))

/** Below the ranges from which systems give ports to outgoing connections. */
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

type Options = {
  readonly args?: readonly string[]
  /** Fills the data folder before the start. */
  readonly prepare?: (data: string) => Promise<void>
}

/** The server as a process of its own on a new data folder, for tests that look at its memory or its event loop. */
export const openServerProcess = async ({ args = [], prepare }: Options = {}) => {
  const data = await mkdtemp(join(tmpdir(), 'tonestead-process-'))
  await prepare?.(data)
  const port = await freePort()
  // The flag as `npm start` gives it.
  const command = ['--max-semi-space-size=8', program, '--data', data, '--port', String(port), '--no-demo', ...args]
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const ended = once(child, 'close')
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => {
        printed += text.toString()
        if (printed.includes('#claim=')) resolve()
      })
    void ended.then(() => {
      reject(new Error(`the server ended: ${printed}`))
    })
  })
  await ready
  const origin = `http://127.0.0.1:${port}`
  /** A value from /metrics. */
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${origin}/metrics`)).text()
    return Number(new RegExp(`^${name.replaceAll(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1])
  }
  return {
    origin,
    data,
    pid: child.pid ?? 0,
    claimCode: /#claim=([\w-]+)/.exec(printed)?.[1] ?? '',
    metric,
    memoryMegabytes: async () => (await metric('process_resident_memory_bytes')) / 1024 ** 2,
    close: async () => {
      child.kill('SIGTERM')
      await ended
      await rm(data, { recursive: true, force: true })
    },
  }
}
