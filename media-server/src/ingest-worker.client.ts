import type { Logger } from 'pino'
import type { ServerConfig } from './config.ts'
import { fromWorkerSchema, type FromWorker, type ToWorker } from './ingest/ingest-worker-messages.ts'
import { superviseProcess } from './platform/process/supervise-process.ts'
import type { Clock } from './ports/clock.ts'
import type { IngestControl, IngestHealth } from './ports/ingest-control.ts'
import type { InstanceSecrets } from './ports/instance-secrets.ts'

export type IngestWorkerDeps = {
  readonly config: ServerConfig
  readonly secrets: InstanceSecrets
  readonly ports: Readonly<Record<'catalog' | 'sources' | 'contentKeys', object>>
  readonly clock: Clock
  readonly logger: Logger
  /** Writes to the operator's console. */
  readonly printLine: (line: string) => void
}

/** Runs the ingest worker in a process of its own, which is started again when it ends. */
export const startIngestWorker = (deps: IngestWorkerDeps): IngestControl & { readonly stop: () => Promise<void> } => {
  let health: IngestHealth = { kind: 'starting' }
  let estimatedBytes = 0
  const handleMessage = (message: FromWorker): void => {
    if (message.kind === 'ready') health = { kind: 'working', transcoder: message.transcoder, limits: message.limits }
    if (message.kind === 'fault') deps.logger.error({ detail: message.detail }, message.message)
    if (message.kind === 'dropped' && message.withdrawn > 0)
      deps.printLine(
        `${message.withdrawn} files of folders that are no longer given were withdrawn. Give the folder again to have them back.`,
      )
    if (message.kind !== 'scanned') return
    estimatedBytes = message.estimatedBytes
    for (const line of describeScan(message)) deps.printLine(line)
  }
  const child = superviseProcess({
    program: new URL('./ingest-worker.main.ts', import.meta.url),
    ports: deps.ports,
    startMessage: startMessage(deps),
    stopMessage: { kind: 'stop' } satisfies ToWorker,
    clock: deps.clock,
    onMessage: (message) => {
      const parsed = fromWorkerSchema.safeParse(message)
      if (parsed.success) handleMessage(parsed.data)
      else deps.logger.warn({ err: parsed.error }, 'the ingest worker sent an unknown message')
    },
    onEnd: (reason) => {
      health = { kind: 'restarting', reason }
      deps.logger.error(`the ingest worker stopped and is started again: ${reason}`)
    },
    onError: (error) => {
      deps.logger.warn({ err: error }, 'a message to the ingest worker was not delivered')
    },
  })
  return {
    health: () => health,
    estimatedBytes: () => estimatedBytes,
    scanAgain: () => {
      child.post({ kind: 'scan' } satisfies ToWorker)
      return Promise.resolve()
    },
    stop: async () => {
      await child.stop()
      health = { kind: 'stopped' }
    },
  }
}

const startMessage = ({ config, secrets }: IngestWorkerDeps): ToWorker => ({
  kind: 'start',
  dataFolder: config.dataFolder,
  folders: config.folders.map((path) => ({ path, isPublic: config.areFoldersPublic })),
  isDemoWanted: config.isDemoWanted,
  workers: config.workers,
  maxHours: config.maxHours,
  ...(config.ffmpegPath === undefined ? {} : { ffmpegPath: config.ffmpegPath }),
  tool: config.tool,
  idSecret: secrets.idSecret,
  signingKey: secrets.signing.pkcs8,
})

const describeScan = (scan: Extract<FromWorker, { kind: 'scanned' }>): string[] => [
  `${scan.found} source files; with every rendition they will take about ${formatBytes(scan.estimatedBytes)} of disk.`,
  ...(scan.withdrawn > 0 ? [`${scan.withdrawn} files are gone: their tracks were withdrawn.`] : []),
  ...(scan.held > 0
    ? [
        `${scan.held} files are missing, as if a disk were not connected or a library had been deleted: their tracks stay. Confirm on the import page if they are really gone.`,
      ]
    : []),
  ...scan.unreadable.map((folder) => `Could not read all of ${folder}: the tracks of what is missing below it stay.`),
  ...(scan.unreachable > 0 ? [`${scan.unreachable} files could not be reached.`] : []),
]

const formatBytes = (sizeBytes: number): string =>
  sizeBytes < 1e9 ? `${Math.ceil(sizeBytes / 1e6)} MB` : `${(sizeBytes / 1e9).toFixed(1)} GB`
