// The ingest worker: a child process of the media server, started by `ingest-worker.client.ts` with serialization 'advanced'.
// It waits for ONE `start` message (ingest/ingest-worker-messages.ts), calls the ports `catalog`, `sources` and `contentKeys` over the same channel,
// opens the object store, covers and masters below the data folder itself, and posts `ready`, `scanned` and `fault`.
// It ends at `stop`, at SIGTERM, and when its parent is gone. The server's lock prevents a second worker on the same data.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { makeDemoAlbum } from './demo/make-demo-album.ts'
import { createBoundedMap } from './ingest/bounded-map.ts'
import { createCatalogIds } from './ingest/catalog-ids.ts'
import { createCoverFinder } from './ingest/find-cover.ts'
import { importFolder } from './ingest/import-folder.ts'
import { filesOnDisk } from './ingest/scanned-files.ts'
import {
  toWorkerSchema,
  type FromWorker,
  type IngestFolder,
  type WorkerStart,
} from './ingest/ingest-worker-messages.ts'
import { limitDecodedLength } from './ingest/limit-decoded-length.ts'
import { runIngestJob, type JobDeps } from './ingest/run-ingest-job.ts'
import { runIngestLoop } from './ingest/ingest-loop.ts'
import { drawDemoCover } from './platform/pictures/draw-demo-cover.ts'
import { createPictureMaker } from './platform/pictures/picture-maker.client.ts'
import { openCoverStore } from './platform/open-cover-store.ts'
import { openMasterStore } from './platform/open-master-store.ts'
import { openObjectStore } from './platform/open-object-store.ts'
import { uploadedFilesIn } from './platform/open-upload-store.ts'
import { openTranscoder } from './platform/open-transcoder.ts'
import { openFilePath } from './platform/process/open-files.ts'
import { processChannel, remotePort } from './platform/process/remote-port.ts'
import { systemClock } from './platform/system-clock.ts'
import { createTagReader } from './platform/tags/tag-reader.client.ts'
import type { CatalogStore } from './ports/catalog-store.ts'
import type { ContentKeyStore } from './ports/content-key-store.ts'
import type { SourceJob, SourceStore } from './ports/source-store.ts'

const stopping = new AbortController()
const rememberedJobs = 20_000
const hourMs = 3_600_000
const stopTimeoutMs = 5000
/** Lets the last message leave before the process ends. */
const exitDelayMs = 200

const post = (message: FromWorker): void => {
  if (process.connected) process.send?.(message)
}

/** Reports to the server's log. File names are private and do not belong there, but errors of the file system quote the path: names are replaced. */
const reportFault = (message: string, fault: unknown, job?: SourceJob): void => {
  const stack = (fault instanceof Error ? fault.stack : undefined) ?? String(fault)
  const ownPath = fault instanceof Error && 'path' in fault ? [fault.path] : []
  const names = [...ownPath, job?.path, job?.name].filter((name) => typeof name === 'string' && name !== '')
  const detail = names.reduce<string>((text, name) => text.replaceAll(String(name), '(a file)'), stack)
  post({ kind: 'fault', message, detail })
}

const connectPorts = () => {
  const channel = processChannel(process)
  return {
    catalog: remotePort<CatalogStore>(channel, 'catalog').port,
    sources: remotePort<SourceStore>(channel, 'sources').port,
    contentKeys: remotePort<ContentKeyStore>(channel, 'contentKeys').port,
  }
}
type Ports = ReturnType<typeof connectPorts>

const openJobDeps = async (start: WorkerStart, ports: Ports): Promise<JobDeps> => {
  const workFolder = join(start.dataFolder, 'work')
  // Remains of a killed run; nobody uses them.
  await rm(workFolder, { recursive: true, force: true })
  await mkdir(workFolder, { recursive: true, mode: 0o700 })
  const catalogKey = await crypto.subtle.importKey('pkcs8', start.signingKey, 'Ed25519', false, ['sign'])
  return {
    ...ports,
    objects: await openObjectStore(start.dataFolder),
    covers: createCoverFinder({
      covers: openCoverStore(start.dataFolder),
      pictures: createPictureMaker(reportFault),
      openFilePath,
      onFault: reportFault,
    }),
    transcoder: await openTranscoder({ tool: start.tool, ffmpegPath: start.ffmpegPath }),
    masters: openMasterStore(start.dataFolder),
    tags: createTagReader(reportFault),
    ids: createCatalogIds(start.idSecret),
    catalogKey,
    clock: systemClock,
    workFolder,
    openFilePath,
    memory: createBoundedMap(rememberedJobs),
  }
}

/** Returns a function that scans all folders. Scans run one after the other. */
const createScanner = (ports: Ports, folders: () => readonly IngestFolder[]) => {
  let queue = Promise.resolve()
  const scanAll = async (): Promise<void> => {
    const totals = { estimatedBytes: 0, found: 0, withdrawn: 0, held: 0, unreachable: 0, unreadable: [] as string[] }
    const deps = { ...ports, files: filesOnDisk, clock: systemClock }
    const given = folders()
    for (const folder of given) {
      const without = given.map(({ path }) => path).filter((path) => path !== folder.path)
      const imported = await importFolder(deps, { ...folder, without }, stopping.signal)
      for (const name of ['estimatedBytes', 'found', 'withdrawn', 'held', 'unreachable'] as const)
        totals[name] += imported[name]
      totals.unreadable.push(...imported.unreadable)
    }
    post({ kind: 'scanned', ...totals })
  }
  return (): Promise<void> => {
    queue = queue.then(scanAll).catch((fault: unknown) => {
      if (!stopping.signal.aborted) reportFault('A scan of the folders failed.', fault)
    })
    return queue
  }
}

/** A folder that is no longer given is not published any more. */
const dropOtherFolders = async (start: WorkerStart, ports: Ports): Promise<void> => {
  const given = start.folders.map((folder) => folder.path)
  const folders = start.isDemoWanted ? [...given, demoFolderOf(start)] : given
  try {
    post({ kind: 'dropped', withdrawn: await ports.sources.keepFolders(folders, systemClock.now()) })
  } catch (fault) {
    reportFault('The files of folders that are no longer given could not be withdrawn.', fault)
  }
}

const demoFolderOf = (start: WorkerStart): string => join(start.dataFolder, 'demo')

const retryRefused = async (ports: Ports): Promise<void> => {
  await ports.sources.retryRefused(systemClock.now()).catch((fault: unknown) => {
    reportFault('Refused files could not be queued again.', fault)
  })
}

const addDemoAlbum = async (path: string, folders: IngestFolder[]): Promise<void> => {
  try {
    await makeDemoAlbum(path, drawDemoCover)
    folders.push({ path, isPublic: true })
  } catch (fault) {
    reportFault('The demo album could not be made.', fault)
  }
}

const withLimits = (
  deps: JobDeps,
  { maxHours }: WorkerStart,
  onLength: (decodedMs: number) => Promise<void>,
): JobDeps => ({
  ...deps,
  transcoder: limitDecodedLength(deps.transcoder, { longestMs: maxHours * hourMs, onLength }),
})

/** Runs until the worker is stopped. `onScannerReady` gets the function that scans again. */
const work = async (
  start: WorkerStart,
  ports: Ports,
  onScannerReady: (scan: () => Promise<void>) => void,
): Promise<void> => {
  const deps = await openJobDeps(start, ports)
  post({ kind: 'ready', transcoder: deps.transcoder.name, limits: deps.transcoder.limits })
  const folders: IngestFolder[] = [...start.folders]
  const scan = createScanner(ports, () => folders)
  onScannerReady(scan)
  const fileOf = uploadedFilesIn(start.dataFolder)
  await dropOtherFolders(start, ports)
  const loop = runIngestLoop(
    {
      sources: ports.sources,
      clock: systemClock,
      owner: `worker-${randomUUID()}`,
      runJob: (job, context) =>
        runIngestJob(withLimits(deps, start, context.onLength), { ...job, path: fileOf(job.path) }, context),
      onFault: (job, fault) => {
        reportFault(`Job ${job.id} (${job.stage}) failed; it is tried again.`, fault, job)
      },
    },
    start.workers,
    stopping.signal,
  )
  if (start.isDemoWanted) await addDemoAlbum(demoFolderOf(start), folders)
  await scan()
  await loop
}

/** Child processes end with their channel to this one; the files they leave are removed at the next start. */
const exit = (code: number): void => {
  process.exit(code)
}

const main = (): void => {
  const ports = connectPorts()
  let scanAgain: (() => Promise<void>) | undefined
  const stop = (): void => {
    stopping.abort()
    setTimeout(exit, stopTimeoutMs, 0).unref()
  }
  process.on('SIGTERM', stop)
  // The terminal sends Ctrl+C to the whole process group; this process waits for the server's `stop`.
  process.on('SIGINT', () => undefined)
  process.on('disconnect', () => {
    exit(0)
  })
  process.on('message', (message) => {
    // Results of port calls have the member `remote`.
    if (typeof message !== 'object' || message === null || 'remote' in message) return
    const parsed = toWorkerSchema.parse(message)
    if (parsed.kind === 'stop') stop()
    if (parsed.kind === 'scan') void retryRefused(ports).then(() => scanAgain?.())
    if (parsed.kind !== 'start') return
    work(parsed, ports, (scan) => {
      scanAgain = scan
    }).then(
      () => {
        exit(0)
      },
      (fault: unknown) => {
        reportFault('The ingest worker had to stop.', fault)
        setTimeout(exit, exitDelayMs, 1)
      },
    )
  })
}

main()
