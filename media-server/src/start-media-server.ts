import type { Server } from 'node:http'
import { pino, type Logger } from 'pino'
import { createCatalogCare, type CatalogCare } from './backups/catalog-care.ts'
import { checkMusicFolders, readTlsFiles } from './check-config-files.ts'
import type { ServerConfig } from './config.ts'
import { createHttpServices } from './create-http-services.ts'
import { createHttpServer } from './http/http-server.ts'
import type { HttpServices } from './http/http-services.ts'
import { readiness } from './http/readiness.ts'
import { startListening, stopListening, urlOf } from './http-listener.ts'
import { startIngestWorker } from './ingest-worker.client.ts'
import { openStores, type OpenedStores } from './open-stores.ts'
import { readAppShell } from './platform/files/fs-app-shell.ts'
import { openCatalogCopies } from './open-database.ts'
import { createLoadMeter } from './platform/load-meter.ts'
import { systemClock } from './platform/system-clock.ts'
import type { CatalogStore } from './ports/catalog-store.ts'
import { startRelayProcess } from './relay-process.client.ts'
import { runScrubber } from './scrub/run-scrubber.ts'
import { startSearchThread } from './search-thread.client.ts'
import { createSearchGateway } from './search/search-gateway.ts'
import { version } from './version.ts'

export type RunningMediaServer = {
  /** The address for a browser. */
  readonly url: string
  /** Contains the claim code in its fragment; undefined when the server has an administrator already. */
  readonly claimUrl: string | undefined
  /** What is published here can be played and found, as if ingest had published it. */
  readonly catalog: CatalogStore
  /** Reports "not ready" at once, then gives open requests at most 30 seconds. */
  stop(): Promise<void>
}

const readyCheckMs = 50

/** Steps that close what was opened; they run in reverse order. */
type CloseSteps = (() => Promise<void> | void)[]

type Starting = {
  readonly config: ServerConfig
  readonly printLine: (line: string) => void
  readonly closeSteps: CloseSteps
}

/** Starts one media server. Throws a StartRefusal for everything that the operator can correct. `printLine` writes to the operator's console. */
export const startMediaServer = async (
  config: ServerConfig,
  printLine: (line: string) => void = () => undefined,
): Promise<RunningMediaServer> => {
  const closeSteps: CloseSteps = []
  const close = async (): Promise<void> => {
    for (const step of closeSteps.splice(0).reverse()) await step()
  }
  try {
    return await start({ config, printLine, closeSteps }, close)
  } catch (error) {
    await close()
    throw error
  }
}

const start = async (
  { config, printLine, closeSteps }: Starting,
  close: () => Promise<void>,
): Promise<RunningMediaServer> => {
  await checkMusicFolders(config.folders)
  const shell = config.appFolder === undefined ? undefined : await readAppShell(config.appFolder)
  const tls = await readTlsFiles(config)
  const stores = await openStores(config, closeSteps)
  const stopping = new AbortController()
  let isDraining = false
  const logger = pino({ level: config.logLevel, base: null }, pino.destination({ fd: 2, sync: true }))
  const workers = startWorkers({ config, printLine, closeSteps }, stores, logger)
  startScrubber({ config, printLine, closeSteps }, stores, logger)
  const relay = startRelayProcess({ config, signingKey: stores.secrets.signing.publicKey, clock: systemClock, logger })
  closeSteps.push(relay.stop)
  const services: HttpServices = {
    ...createHttpServices({ config, version, logger, stores, search: workers.search }),
    ingest: workers.ingest,
    relayPort: relay.port,
    relayKey: relay.key,
    catalogHealth: startCatalogCare({ config, printLine, closeSteps }, logger).health,
    shell,
    stopping: stopping.signal,
    isDraining: () => isDraining,
  }
  const server = createHttpServer(services, tls)
  await startListening(server, config)
  closeSteps.push(() => stopListening({ server, clock: systemClock }, stopping))
  // Before the port is closed: the relay tells its clients, whose connections would keep it open.
  closeSteps.push(relay.stop)
  await waitUntilReady(services)
  return {
    url: urlOf(config, server),
    catalog: stores.catalog,
    claimUrl: await claimUrlOf(services, config, server),
    stop: async () => {
      isDraining = true
      await close()
    },
  }
}

/** Checks and copies the catalog once a day. */
const startCatalogCare = ({ config, closeSteps }: Starting, logger: Logger): CatalogCare => {
  const stopping = new AbortController()
  const care = createCatalogCare({
    copies: openCatalogCopies(config.dataFolder),
    clock: systemClock,
    onFault: (message, fault) => {
      logger.error({ err: fault }, message)
    },
  })
  const running = care.run(stopping.signal)
  closeSteps.push(async () => {
    stopping.abort()
    await running
  })
  return care
}

/** Checks all objects, slowly. */
const startScrubber = ({ closeSteps }: Starting, stores: OpenedStores, logger: Logger): void => {
  const stopping = new AbortController()
  const running = runScrubber(
    {
      ...stores,
      source: stores.scrubSource,
      states: stores.scrubStates,
      clock: systemClock,
      isBusy: createLoadMeter(),
    },
    (fault) => {
      logger.error({ err: fault }, 'the objects could not be checked')
    },
    stopping.signal,
  )
  closeSteps.push(async () => {
    stopping.abort()
    await running
  })
}

/** Starts the ingest process and the search thread. */
const startWorkers = ({ config, printLine, closeSteps }: Starting, stores: OpenedStores, logger: Logger) => {
  const { catalog, sources, contentKeys, secrets } = stores
  const ports = { catalog, sources, contentKeys }
  const ingest = startIngestWorker({ config, secrets, ports, clock: systemClock, logger, printLine })
  closeSteps.push(ingest.stop)
  const thread = startSearchThread({
    dataFolder: config.dataFolder,
    searchChannel: stores.searchChannel,
    clock: systemClock,
    logger,
  })
  closeSteps.push(thread.stop)
  return { ingest, search: createSearchGateway({ thread, source: stores.searchSource, clock: systemClock }) }
}

const waitUntilReady = async (services: HttpServices): Promise<void> => {
  while ((await readiness(services)).status !== 'ready') await services.clock.after(readyCheckMs, services.stopping)
}

const claimUrlOf = async (
  services: HttpServices,
  config: ServerConfig,
  server: Server,
): Promise<string | undefined> => {
  const code = await services.claims.code()
  return code === undefined ? undefined : `${urlOf(config, server)}/#claim=${code}`
}
