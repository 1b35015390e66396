import { fork, type ChildProcess } from 'node:child_process'
import { parseUnixMs, type UnixMs } from '@tonestead/crdt/instant'
import type { CatalogStore } from '../ports/catalog-store.ts'
import type { ContentKeyStore } from '../ports/content-key-store.ts'
import type { IngestControl, IngestHealth } from '../ports/ingest-control.ts'
import type { SourceStore } from '../ports/source-store.ts'
import { exposePort, processChannel } from './remote-port.ts'

export type WorkerPorts = { readonly catalog: CatalogStore; readonly sources: SourceStore; readonly contentKeys: ContentKeyStore }

/** What the worker may tell; `readMessage` is its schema's parser. */
type Told =
  | { readonly kind: 'ready'; readonly transcoder: string; readonly limits: string }
  | { readonly kind: 'scanned'; readonly estimatedBytes: number; readonly found: number; readonly withdrawn: number; readonly unreadable: readonly string[] }
  | { readonly kind: 'changed' }
  | { readonly kind: 'fault'; readonly message: string; readonly detail?: string | undefined }

export type WorkerOptions = {
  readonly program: URL
  /** The `start` message, which carries secrets: sent over the channel, never on a command line or in the environment. */
  readonly start: object
  readonly ports: WorkerPorts
  readMessage(message: unknown): Told
  onTold(told: Told): void
}

const firstDelayMs = 1000
const longestDelayMs = 60_000
const stopGraceMs = 8000

/** Runs the ingest worker as a child and starts it anew when it dies, each time a little later. */
export const startIngestWorker = (options: WorkerOptions): IngestControl & { stop(): Promise<void> } => {
  let health: IngestHealth = { kind: 'starting' }
  let estimatedBytes = 0
  let child: ChildProcess | undefined
  let timer: NodeJS.Timeout | undefined
  let delayMs = firstDelayMs

  const hear = (message: unknown): void => {
    // Calls of the ports travel on the same channel.
    if (typeof message !== 'object' || message === null || 'remote' in message) return
    const told = options.readMessage(message)
    if (told.kind === 'ready') {
      health = { kind: 'working', transcoder: told.transcoder, limits: told.limits }
      delayMs = firstDelayMs
    }
    if (told.kind === 'scanned') estimatedBytes = told.estimatedBytes
    options.onTold(told)
  }
  const begin = (): void => {
    const started = fork(options.program, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] })
    child = started
    const channel = processChannel(started)
    for (const [name, port] of Object.entries(options.ports)) exposePort(channel, name, port)
    started.on('message', hear)
    started.on('error', () => undefined)
    started.once('exit', (code, signal) => {
      if (health.kind === 'stopped') return
      health = { kind: 'restarting', reason: `The ingest worker ended (${signal ?? `code ${code ?? '?'}`}).` }
      timer = setTimeout(begin, delayMs)
      delayMs = Math.min(longestDelayMs, delayMs * 2)
    })
    started.send(options.start)
  }
  begin()
  return {
    health: () => health,
    estimatedBytes: () => estimatedBytes,
    scanAgain: async () => {
      await options.ports.sources.retryRefused(now())
      if (child?.connected === true) child.send({ kind: 'scan' })
    },
    stop: async () => {
      health = { kind: 'stopped' }
      clearTimeout(timer)
      if (child?.connected === true) await endChild(child)
    },
  }
}

const now = (): UnixMs => parseUnixMs(Date.now())

const endChild = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    const kill = setTimeout(() => child.kill('SIGKILL'), stopGraceMs)
    child.once('exit', () => {
      clearTimeout(kill)
      resolve()
    })
    child.send({ kind: 'stop' })
  })
