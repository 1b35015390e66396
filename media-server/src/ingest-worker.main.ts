// The ingest worker: a child process of the media server, forked by `ingest-worker.client.ts` with serialization 'advanced'.
// It waits for ONE `start` message (ingest/worker-messages.ts), calls the ports `catalog`, `sources` and `contentKeys` over the same channel,
// opens the object store, covers and masters under the data folder itself, and answers `ready`, `scanned`, `changed` and `fault`.
// It ends at `stop`, at SIGTERM, and when its parent is gone. A second worker on the same data is kept out by the server's lock.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { makeDemoAlbum } from './demo/make-demo-album.ts'
import { createBoundedMap } from './ingest/bounded-map.ts'
import { createCatalogIds } from './ingest/catalog-ids.ts'
import { createCoverFinder } from './ingest/find-cover.ts'
import { importFolder } from './ingest/import-folder.ts'
import { runIngestJob, type JobDeps } from './ingest/run-ingest-job.ts'
import { runIngestLoop } from './ingest/ingest-loop.ts'
import { toWorkerSchema, type FromWorker, type IngestFolder, type WorkerStart } from './ingest/worker-messages.ts'
import type { CatalogStore } from './ports/catalog-store.ts'
import type { ContentKeyStore } from './ports/content-key-store.ts'
import type { SourceJob, SourceStore } from './ports/source-store.ts'
import { openTranscoder } from './platform/transcoder/open-transcoder.ts'
import { createPictureMaker } from './platform/pictures/picture-maker.client.ts'
import { drawDemoCover } from './platform/pictures/cover-drawing.ts'
import { openFsObjectStore } from './platform/files/fs-object-store.ts'
import { createFsCoverStore } from './platform/files/fs-cover-store.ts'
import { createFsMasterStore } from './platform/files/fs-master-store.ts'
import { processChannel, remotePort } from './platform/process/remote-port.ts'
import { systemClock } from './platform/system-clock.ts'
import { createTagReader } from './platform/tags/tag-reader.client.ts'

const stopping = new AbortController()
const changeEveryMs = 250
const rememberedJobs = 20_000

const tell = (message: FromWorker): void => {
  if (process.connected) process.send?.(message)
}

/** Goes to the log, which is no place for what people's files are called: faults of the file system quote the path. */
const tellFault = (what: string, fault: unknown, job?: SourceJob): void => {
  const stack = (fault instanceof Error ? fault.stack : undefined) ?? String(fault)
  const own = fault instanceof Error && 'path' in fault ? [fault.path] : []
  const names = [...own, job?.path, job?.name].filter((name) => typeof name === 'string' && name !== '')
  tell({
    kind: 'fault',
    message: what,
    detail: names.reduce<string>((text, name) => text.replaceAll(String(name), '(a file)'), stack),
  })
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
  // What a killed run left there belongs to nobody.
  await rm(workFolder, { recursive: true, force: true })
  await mkdir(workFolder, { recursive: true, mode: 0o700 })
  const catalogKey = await crypto.subtle.importKey('pkcs8', start.signingKey, 'Ed25519', false, ['sign'])
  const objects = await openFsObjectStore(join(start.dataFolder, 'objects'))
  const covers = createCoverFinder({
    covers: createFsCoverStore(join(start.dataFolder, 'covers')),
    pictures: createPictureMaker(),
  })
  const transcoder = await openTranscoder({ tool: start.tool, ffmpegPath: start.ffmpegPath })
  return {
    ...ports,
    objects,
    covers,
    transcoder,
    masters: createFsMasterStore(join(start.dataFolder, 'masters')),
    tags: createTagReader(),
    ids: createCatalogIds(start.idSecret),
    catalogKey,
    clock: systemClock,
    workFolder,
    memory: createBoundedMap(rememberedJobs),
  }
}

/** Scans follow one another, never beside one another. */
const createScanner = (ports: Ports, folders: () => readonly IngestFolder[]) => {
  let queue = Promise.resolve()
  const scanAll = async (): Promise<void> => {
    const totals = { estimatedBytes: 0, found: 0, withdrawn: 0, unreadable: [] as string[] }
    for (const folder of folders()) {
      const imported = await importFolder({ ...ports, clock: systemClock }, folder, stopping.signal)
      totals.estimatedBytes += imported.estimatedBytes
      totals.found += imported.found
      totals.withdrawn += imported.withdrawn
      totals.unreadable.push(...imported.unreadable)
    }
    tell({ kind: 'scanned', ...totals })
  }
  return (): Promise<void> => {
    queue = queue.then(scanAll).catch((fault: unknown) => {
      if (!stopping.signal.aborted) tellFault('A scan of the folders failed.', fault)
    })
    return queue
  }
}

const tryRefusedAgain = async (ports: Ports): Promise<void> => {
  await ports.sources.retryRefused(systemClock.now()).catch((fault: unknown) => {
    tellFault('Refused files could not be queued again.', fault)
  })
}

const createChangeTeller = () => {
  let isDue = false
  return (): void => {
    if (isDue) return
    isDue = true
    setTimeout(() => {
      isDue = false
      tell({ kind: 'changed' })
    }, changeEveryMs)
  }
}

const work = async (start: WorkerStart, ports: Ports, onScan: (scan: () => Promise<void>) => void): Promise<void> => {
  const deps = await openJobDeps(start, ports)
  tell({ kind: 'ready', transcoder: deps.transcoder.name, limits: deps.transcoder.limits })
  const folders: IngestFolder[] = [...start.folders]
  const scan = createScanner(ports, () => folders)
  onScan(scan)
  const onChange = createChangeTeller()
  const loop = runIngestLoop(
    {
      sources: ports.sources,
      clock: systemClock,
      owner: `worker-${randomUUID()}`,
      runJob: (job, context) => runIngestJob(deps, job, context),
      onFault: (job, fault) => {
        tellFault(`Job ${job.id} (${job.stage}) failed; it is tried again.`, fault, job)
      },
      onChange,
    },
    start.workers,
    stopping.signal,
  )
  if (start.isDemoWanted) {
    const path = join(start.dataFolder, 'demo')
    await makeDemoAlbum(path, drawDemoCover).then(
      () => folders.push({ path, isPublic: true }),
      (fault: unknown) => {
        tellFault('The demo album could not be made.', fault)
      },
    )
  }
  await scan()
  await loop
}

const leave = (code: number): void => {
  // Children go with the channel; what they held is swept at the next start.
  process.exit(code)
}

const main = (): void => {
  const ports = connectPorts()
  let scanAgain: (() => Promise<void>) | undefined
  const stop = (): void => {
    stopping.abort()
    setTimeout(leave, 5000, 0).unref()
  }
  process.on('SIGTERM', stop)
  // The terminal sends it to the whole group; the server says `stop` in its own time.
  process.on('SIGINT', () => undefined)
  process.on('disconnect', () => {
    leave(0)
  })
  process.on('message', (message) => {
    if (typeof message !== 'object' || message === null || 'remote' in message) return
    const told = toWorkerSchema.parse(message)
    if (told.kind === 'stop') stop()
    if (told.kind === 'scan') void tryRefusedAgain(ports).then(() => scanAgain?.())
    if (told.kind !== 'start') return
    work(told, ports, (scan) => {
      scanAgain = scan
    }).then(
      () => {
        leave(0)
      },
      (fault: unknown) => {
        tellFault('The ingest worker cannot go on.', fault)
        setTimeout(leave, 200, 1)
      },
    )
  })
}

main()
