import type { Logger } from 'pino'
import type { ServerConfig } from './config.ts'
import { fromWorkerSchema, type FromWorker, type ToWorker } from './ingest/worker-messages.ts'
import { superviseChild } from './platform/process/supervised-child.ts'
import type { Clock } from './ports/clock.ts'
import type { IngestControl, IngestHealth } from './ports/ingest-control.ts'
import type { InstanceSecrets } from './ports/instance-secrets.ts'

export type IngestWorkerDeps = {
  readonly config: ServerConfig
  readonly secrets: InstanceSecrets
  readonly ports: Readonly<Record<'catalog' | 'sources' | 'contentKeys', object>>
  readonly clock: Clock
  readonly logger: Logger
  /** Tells the person at the console. */
  readonly say: (line: string) => void
}

/** The ingest worker in a process of its own, kept running. */
export const startIngestWorker = (deps: IngestWorkerDeps): IngestControl & { readonly stop: () => Promise<void> } => {
  let health: IngestHealth = { kind: 'starting' }
  let estimatedBytes = 0
  const on = (message: FromWorker): void => {
    if (message.kind === 'ready') health = { kind: 'working', transcoder: message.transcoder, limits: message.limits }
    if (message.kind === 'fault') deps.logger.error({ detail: message.detail }, message.message)
    if (message.kind !== 'scanned') return
    estimatedBytes = message.estimatedBytes
    for (const line of describeScan(message)) deps.say(line)
  }
  const child = superviseChild({
    program: new URL('./ingest-worker.main.ts', import.meta.url),
    ports: deps.ports,
    greeting: greetingOf(deps),
    farewell: { kind: 'stop' } satisfies ToWorker,
    clock: deps.clock,
    onMessage: (message) => {
      const told = fromWorkerSchema.safeParse(message)
      if (told.success) on(told.data)
    },
    onEnd: (reason) => {
      health = { kind: 'restarting', reason }
      deps.logger.error(`the ingest worker stopped and is started again: ${reason}`)
    },
  })
  return {
    health: () => health,
    estimatedBytes: () => estimatedBytes,
    scanAgain: () => {
      child.tell({ kind: 'scan' } satisfies ToWorker)
      return Promise.resolve()
    },
    stop: async () => {
      await child.stop()
      health = { kind: 'stopped' }
    },
  }
}

const greetingOf = ({ config, secrets }: IngestWorkerDeps): ToWorker => ({
  kind: 'start',
  dataFolder: config.dataFolder,
  folders: config.folders.map((path) => ({ path, isPublic: config.areFoldersPublic })),
  isDemoWanted: config.isDemoWanted,
  workers: config.workers,
  ...(config.ffmpegPath === undefined ? {} : { ffmpegPath: config.ffmpegPath }),
  tool: config.tool,
  idSecret: secrets.idSecret,
  signingKey: secrets.signing.pkcs8,
})

const describeScan = (scan: Extract<FromWorker, { kind: 'scanned' }>): string[] => [
  `${scan.found} source files; with every rendition they will take about ${inWords(scan.estimatedBytes)} of disk.`,
  ...(scan.withdrawn > 0 ? [`${scan.withdrawn} tracks were withdrawn: their files are gone.`] : []),
  ...scan.unreadable.map((folder) => `Could not read ${folder}: nothing below it was taken in or withdrawn.`),
]

const inWords = (sizeBytes: number): string =>
  sizeBytes < 1e9 ? `${Math.ceil(sizeBytes / 1e6)} MB` : `${(sizeBytes / 1e9).toFixed(1)} GB`
