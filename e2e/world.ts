import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext } from 'playwright-core'
import { chromiumArguments } from '../commands/find-tools.ts'

// The real product for journeys and benches: real server processes on real folders, real browser profiles.

const repository = join(import.meta.dirname, '..')

/** Undefined where there is no Chromium: the journeys are then skipped by name. */
export const chromiumPath = process.env['TONESTEAD_CHROMIUM']

export const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A folder that ends with the test. */
export const temporaryFolder = async (name: string): Promise<{ path: string } & AsyncDisposable> => {
  const path = await mkdtemp(join(tmpdir(), `tonestead-${name}-`))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
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

/** A browser profile of its own: a device. */
export const openDevice = async (options: {
  profile: string
  viewport?: { width: number; height: number }
  args?: readonly string[]
  isRecorded?: boolean
  serviceWorkers?: 'allow' | 'block'
}): Promise<BrowserContext> =>
  chromium.launchPersistentContext(options.profile, {
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    headless: true,
    bypassCSP: options.isRecorded ?? false,
    serviceWorkers: options.serviceWorkers ?? 'allow',
    viewport: options.viewport ?? { width: 1440, height: 900 },
    args: [
      ...chromiumArguments,
      '--autoplay-policy=no-user-gesture-required',
      '--headless=new',
      ...(options.args ?? []),
    ],
  })

/** Asks again until it is so, outside of tests too. */
export const until = async (what: string, isSo: () => Promise<boolean> | boolean, limitMs = 90_000): Promise<void> => {
  for (const began = performance.now(); performance.now() - began < limitMs;) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  throw new Error(`after ${limitMs / 1000} s it is not so: ${what}`)
}
