import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'

// The real media server as a process of its own, for journeys and benchmarks.

const repository = join(import.meta.dirname, '..')

/**
 * Below the ports that systems give to outgoing connections (Linux from 32,768, others from 49,152): a server that is stopped and started
 * again must find its port free. Every process tries a block of its own first, so that test files side by side do not meet.
 */
const firstPort = 20_000
const lastPort = 32_000
const blockLength = 40
const blocks = (lastPort - firstPort) / blockLength

let next = firstPort + (process.pid % blocks) * blockLength

/** A port of localhost that nobody listens on. The same process never gets one twice. */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < lastPort - firstPort; attempt += 1) {
    const port = next
    next = port + 1 < lastPort ? port + 1 : firstPort
    if (await isFree(port)) return port
  }
  throw new Error(`every port from ${firstPort} to ${lastPort} is in use`)
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

export type ServerOptions = {
  readonly data: string
  readonly port: number
  readonly args?: readonly string[]
  readonly environment?: Record<string, string>
}

export type RunningServer = {
  readonly origin: string
  readonly child: ChildProcess
  /** The output so far. */
  printed(): string
  /** SIGTERM and a clean stop; resolves with the exit code. */
  stop(): Promise<number | undefined>
  /** SIGKILL to the whole process group. */
  kill(): Promise<void>
}

/** Starts the media server with the built app, and resolves when it prints that it is ready. */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const app = join(repository, 'dist', 'app')
  const args = [
    // As `npm start` does.
    '--max-semi-space-size=8',
    'media-server/src/main.ts',
    '--data',
    options.data,
    '--port',
    String(options.port),
    '--app',
    app,
    ...(options.args ?? []),
  ]
  const child = spawn(process.execPath, args, {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...options.environment },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => void (output += data.toString()))
  const ended = new Promise<number | undefined>((resolve) => child.on('close', (code) => resolve(code ?? undefined)))
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => output.includes('Tonestead ready at') && resolve())
    child.on('error', reject)
    void ended.then((code) => reject(new Error(`the server ended with ${code}: ${output.slice(-2000)}`)))
    setTimeout(
      () => reject(new Error(`the server was not ready within two minutes: ${output.slice(-2000)}`)),
      120_000,
    ).unref()
  })
  const signal = (name: NodeJS.Signals, wholeGroup: boolean): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(wholeGroup ? -child.pid : child.pid, name)
  }
  return {
    origin: `http://localhost:${options.port}`,
    child,
    printed: () => output,
    stop: () => {
      signal('SIGTERM', false)
      return ended
    },
    kill: async () => {
      signal('SIGKILL', true)
      await ended
    },
  }
}

type Listing = {
  readonly items: readonly { readonly id: string; readonly title: string; readonly trackCount: number }[]
  readonly total: number
}

/** Waits until at least so many releases and tracks are public. */
export const untilPublished = async (
  origin: string,
  expected: { releases: number; tracks: number },
): Promise<Listing> => {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const listing = (await fetch(`${origin}/api/releases`).then(
      (response) => response.json(),
      () => undefined,
    )) as Listing | undefined
    const tracks = listing?.items?.reduce((sum, release) => sum + release.trackCount, 0) ?? 0
    if (listing !== undefined && (listing.items?.length ?? 0) >= expected.releases && tracks >= expected.tracks)
      return listing
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`after two minutes fewer than ${expected.tracks} tracks are public`)
}
