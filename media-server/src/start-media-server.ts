import { hkdfSync, randomBytes } from 'node:crypto'
import { access, constants, mkdir, readFile, stat } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import { pino, type Logger } from 'pino'
import { createAccessTokens } from './accounts/access-token.ts'
import { createProofChecker } from './accounts/check-proof.ts'
import { createClaimCodes } from './accounts/claim-codes.ts'
import { createSessions } from './accounts/sessions.ts'
import type { ServerConfig } from './config.ts'
import { createHttpServer } from './http/http-server.ts'
import type { HttpServices } from './http/http-services.ts'
import { createMetrics } from './http/metrics.ts'
import { readiness } from './http/readiness.ts'
import { createHlsCapabilities } from './licensing/hls-capability.ts'
import { createHlsFiles } from './licensing/hls-files.ts'
import { createLicenseIssuer } from './licensing/issue-license.ts'
import { lockDataFolder } from './platform/files/data-lock.ts'
import { readAppShell } from './platform/files/fs-app-shell.ts'
import { createFsCoverStore } from './platform/files/fs-cover-store.ts'
import { openInstanceSecrets } from './platform/files/fs-instance-secrets.ts'
import { openFsObjectStore } from './platform/files/fs-object-store.ts'
import { openFsUploadStore } from './platform/files/fs-upload-store.ts'
import { openSqliteThread } from './platform/sqlite/sqlite-thread.client.ts'
import { systemClock } from './platform/system-clock.ts'
import type { CatalogStore } from './ports/catalog-store.ts'
import type { InstanceSecrets } from './ports/instance-secrets.ts'
import { StartRefusal } from './ports/start-refusal.ts'
import { startIngestWorker } from './ingest-worker.client.ts'
import { startSearchThread } from './search-thread.client.ts'
import { createPlayCounter } from './search/play-counter.ts'
import { createSearchGateway, type SearchGateway } from './search/search-gateway.ts'
import { tidyUploads } from './uploads/finish-upload.ts'
import { version } from './version.ts'

export type RunningMediaServer = {
  /** Where a browser finds it. */
  readonly url: string
  /** Carries the claim code in its fragment; undefined when the server has an administrator. */
  readonly claimUrl: string | undefined
  /** What is published here is heard and found as if it came from ingest. */
  readonly catalog: CatalogStore
  /** Unready at once, then lets requests end for at most 30 seconds. */
  stop(): Promise<void>
}

const drainMs = 30_000
const drainEveryMs = 50
const readyEveryMs = 50

/** Wires one media server. Throws a StartRefusal for whatever a person can put right. */
export const startMediaServer = async (
  config: ServerConfig,
  say: (line: string) => void = () => undefined,
): Promise<RunningMediaServer> => {
  await refuseUnreadable(config.folders)
  const shell = config.appFolder === undefined ? undefined : await readAppShell(config.appFolder)
  const tls = await readTls(config)
  const closing: (() => Promise<void> | void)[] = []
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step()
  }
  try {
    const stores = await openStores(config, closing)
    const stopping = new AbortController()
    let isDraining = false
    const logger = pino({ level: config.logLevel, base: null }, pino.destination({ fd: 2, sync: true }))
    const { catalog, sources, contentKeys, secrets } = stores
    const ingest = startIngestWorker({
      config,
      secrets,
      ports: { catalog, sources, contentKeys },
      clock: systemClock,
      logger,
      say,
    })
    closing.push(ingest.stop)
    const searching = startSearchThread({
      dataFolder: config.dataFolder,
      searchChannel: stores.searchChannel,
      clock: systemClock,
      logger,
    })
    closing.push(searching.stop)
    const search = createSearchGateway({ thread: searching, source: stores.searchSource, clock: systemClock })
    const services: HttpServices = {
      ...createServices({ config, logger, stores, search }),
      ingest,
      shell,
      stopping: stopping.signal,
      isDraining: () => isDraining,
    }
    const server = createHttpServer(services, tls)
    await listen(server, config)
    closing.push(() => drain(server, stopping))
    await untilReady(services)
    const url = urlOf(config, server)
    const code = await services.claims.code()
    return {
      url,
      catalog,
      claimUrl: code === undefined ? undefined : `${url}/#claim=${code}`,
      stop: async () => {
        isDraining = true
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

type Closing = (() => Promise<void> | void)[]

/** The lock comes first and goes last. */
const openStores = async (config: ServerConfig, closing: Closing) => {
  const data = config.dataFolder
  await mkdir(data, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new StartRefusal(`The data folder ${data} cannot be made: ${messageOf(error)}. Choose another with --data.`, {
      cause: error,
    })
  })
  await access(data, constants.R_OK | constants.W_OK).catch((error: unknown) => {
    throw new StartRefusal(
      `The data folder ${data} cannot be written to. Change its permissions, or choose another with --data.`,
      { cause: error },
    )
  })
  closing.push(lockDataFolder(data).release)
  const catalogFile = join(data, 'catalog.sqlite')
  const hasData = await stat(catalogFile).then(
    () => true,
    () => false,
  )
  const secrets = await openInstanceSecrets(data, hasData)
  const database = await openSqliteThread({
    path: catalogFile,
    instanceKey: secrets.instanceKey,
    at: systemClock.now(),
  })
  closing.push(database.close)
  const objects = await openFsObjectStore(join(data, 'objects'))
  const { catalog, sources, contentKeys, accounts, plays, search: searchSource, searchChannel } = database
  const uploads = await openFsUploadStore(join(data, 'uploads'))
  await tidyUploads({ uploads, sources, clock: systemClock })
  return {
    catalog,
    sources,
    contentKeys,
    accounts,
    plays,
    searchSource,
    searchChannel,
    objects,
    uploads,
    covers: createFsCoverStore(join(data, 'covers')),
    secrets,
  }
}

type Wiring = {
  readonly config: ServerConfig
  readonly logger: Logger
  readonly stores: Awaited<ReturnType<typeof openStores>>
  readonly search: SearchGateway
}

const createServices = ({
  config,
  logger,
  stores,
  search,
}: Wiring): Omit<HttpServices, 'ingest' | 'shell' | 'stopping' | 'isDraining'> => {
  const { subtle } = crypto
  const clock = systemClock
  const { secrets, ...ports } = stores
  const deps = { ...ports, clock, subtle }
  const tokens = createAccessTokens({ secret: subkey(secrets, 'tokens'), serverId: secrets.serverId, clock })
  const random = (length: number): Bytes => new Uint8Array(randomBytes(length))
  return {
    ...ports,
    about: { id: secrets.serverId, name: config.name, version, signingKey: secrets.signing.publicKey },
    publicUrl: config.publicUrl,
    clock,
    logger,
    metrics: createMetrics({ sources: stores.sources, search }),
    search,
    countPlay: createPlayCounter({ plays: stores.plays, clock }),
    sessions: createSessions({
      ...deps,
      tokens,
      checkProof: createProofChecker({ serverId: secrets.serverId, clock }),
    }),
    claims: createClaimCodes({ ...deps, random: random(15) }),
    issueLicense: createLicenseIssuer({ ...deps, random, signingKey: secrets.signing.privateKey }),
    hls: {
      capabilities: createHlsCapabilities({ secret: subkey(secrets, 'hls'), clock }),
      files: createHlsFiles(deps),
    },
  }
}

/** One secret, several uses: each has bytes of its own. */
const subkey = (secrets: InstanceSecrets, purpose: string): Bytes =>
  new Uint8Array(hkdfSync('sha256', secrets.tokenSecret, new Uint8Array(0), utf8(`tonestead/${purpose}/v1`), 32))

const refuseUnreadable = async (folders: readonly string[]): Promise<void> => {
  for (const folder of folders) {
    const found = await stat(folder).catch(() => undefined)
    if (found === undefined) throw new StartRefusal(`The music folder ${folder} is not there. Check its name.`)
    if (!found.isDirectory()) throw new StartRefusal(`${folder} is a file: give the folder that it lies in.`)
    await access(folder, constants.R_OK | constants.X_OK).catch((error: unknown) => {
      throw new StartRefusal(`The music folder ${folder} cannot be read. Check its permissions.`, { cause: error })
    })
  }
}

const readTls = async ({ tls }: ServerConfig) => {
  if (tls === undefined) return undefined
  const read = (path: string): Promise<Uint8Array> =>
    readFile(path).catch((error: unknown) => {
      throw new StartRefusal(`The file ${path} cannot be read: ${messageOf(error)}.`, { cause: error })
    })
  const files = { cert: await read(tls.certFile), key: await read(tls.keyFile) }
  try {
    createSecureContext({ cert: Buffer.from(files.cert), key: Buffer.from(files.key) })
  } catch (error) {
    throw new StartRefusal(
      `${tls.certFile} and ${tls.keyFile} are not a PEM certificate and its key: ${messageOf(error)}.`,
      { cause: error },
    )
  }
  return files
}

const listen = (server: Server, config: ServerConfig): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: Error & { code?: string }) => {
      reject(listenRefusals(config)[error.code ?? ''] ?? error)
    })
    server.listen({ port: config.port, host: config.host }, resolve)
  })

const listenRefusals = ({ port, host }: ServerConfig): Readonly<Record<string, StartRefusal>> => ({
  EADDRINUSE: new StartRefusal(
    `Port ${port} is taken by another program. Stop that one, or choose another port with --port.`,
  ),
  EACCES: new StartRefusal(`This user may not listen on port ${port}. Choose one above 1023 with --port.`),
  EADDRNOTAVAIL: new StartRefusal(`This machine has no address ${host}. Choose another with --host.`),
  ENOTFOUND: new StartRefusal(`There is no address for the name ${host}. Choose another with --host.`),
})

const untilReady = async (services: HttpServices): Promise<void> => {
  while ((await readiness(services)).status !== 'ready') await services.clock.after(readyEveryMs, services.stopping)
}

/** Event streams end at once; requests at work get their time, and a connection goes as soon as it has nothing more to answer. */
const drain = async (server: Server, stopping: AbortController): Promise<void> => {
  const closed = new AbortController()
  server.close(() => {
    closed.abort()
  })
  stopping.abort()
  const last = systemClock.now() + drainMs
  while (!closed.signal.aborted) {
    if (systemClock.now() < last) server.closeIdleConnections()
    else server.closeAllConnections()
    await systemClock.after(drainEveryMs, closed.signal).catch(() => undefined)
  }
}

/** Port 0 lets the system choose: the address tells which one it was. */
const urlOf = (config: ServerConfig, server: Server): string => {
  if (config.publicUrl !== undefined) return config.publicUrl.origin
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : config.port
  const isLocal = ['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::'].includes(config.host)
  return `${config.tls === undefined ? 'http' : 'https'}://${isLocal ? 'localhost' : config.host}:${port}`
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
