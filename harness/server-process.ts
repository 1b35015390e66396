import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'

// The real media server as a process of its own, for journeys and benchmarks.

const repository = join(import.meta.dirname, '..')

export const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export type ServerOptions = {
  readonly data: string
  readonly port: number
  readonly args?: readonly string[]
  readonly environment?: Record<string, string>
}

export type RunningServer = {
  readonly origin: string
  readonly child: ChildProcess
  /** Everything printed so far. */
  printed(): string
  /** SIGTERM and a clean end; answers the exit code. */
  stop(): Promise<number | undefined>
  /** SIGKILL, with its whole process group. */
  kill(): Promise<void>
}

/** Starts the media server with the built app and resolves when it says that it is ready. */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const app = join(repository, 'dist', 'app')
  const args = [
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

/** Waits until so many releases with so many tracks are public. */
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
  throw new Error(`after two minutes there are not ${expected.tracks} tracks to play`)
}
