import { fromBase64Url } from '@tonestead/protocol/bytes'
import { z } from 'zod'
import { createAccount } from './engine/account/create-account.ts'
import { createIdentity } from './engine/account/create-identity.ts'
import { createServerConnection, type ServerConnection } from './engine/server/server-connection.ts'
import { createSignedClient, type SignedClient } from './engine/server/signed-client.ts'
import { createCell } from './engine/cell.ts'
import { createDiagnostics } from './engine/diagnostics/create-diagnostics.ts'
import { createLog } from './engine/diagnostics/create-log.ts'
import { createLogBuffer } from './engine/diagnostics/log-buffer.ts'
import { createIngestMonitor } from './engine/ingest/create-ingest-monitor.ts'
import { createLibrary } from './engine/library/create-library.ts'
import { createLicenseHolder, type LicenseHolder } from './engine/licensing/license-holder.ts'
import { createPlayer } from './engine/playback/create-player.ts'
import { startPlayReporter } from './engine/playback/play-reporter.ts'
import { createPlaySetup } from './engine/playback/play-setup.ts'
import { createQueuePersistence } from './engine/playback/queue-persistence.ts'
import { createSoundDeck, type DeckDeps } from './engine/playback/sound-deck.ts'
import type { Readable } from './engine/readable.ts'
import { hitOfTrack } from './engine/search/hit-of-track.ts'
import type { DeviceIndexState } from './engine/search/search.ts'
import type { Services } from './engine/services.ts'
import { createSettings } from './engine/settings/create-settings.ts'
import { silentFilePath } from './engine/streaming/silent-file-path.ts'
import { createUploads } from './engine/uploads/create-uploads.ts'
import { createUnavailableServices } from './engine/unavailable-services.ts'
import { createBrowserMediaControls } from './platform/audio/browser-media-controls.ts'
import { createFetchHttpClient } from './platform/network/fetch-http-client.ts'
import { createHowlerAudioOutput } from './platform/audio/howler-audio-output.ts'
import { createIdbContentKeyStore } from './platform/browser-storage/idb-content-key-store.ts'
import { createIdbDeviceStore } from './platform/browser-storage/idb-device-store.ts'
import { createIdbPlayStore } from './platform/browser-storage/idb-play-store.ts'
import { createIdbValueStore } from './platform/browser-storage/idb-value-store.ts'
import { openDatabase, type Database } from './platform/browser-storage/open-database.ts'
import { probeStreamPath } from './platform/audio/probe-stream-path.ts'
import { createScriptTrust } from './platform/workers/script-trust.ts'
import {
  createServiceWorkerLink,
  createPlaybackLock,
  serviceWorkerUrl,
} from './platform/workers/service-worker.client.ts'
import { browserEnvironment } from './platform/system/browser-environment.ts'
import { writeToConsole } from './platform/system/console-log.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import { systemRandom as random } from './platform/system/system-random.ts'
import { createTusUploader } from './platform/network/tus-uploader.ts'
import type { DeviceIdentity } from './ports/device-store.ts'
import type { LogEntry } from './ports/log.ts'
import type { StreamWorker, WorkerState } from './ports/stream-worker.ts'
import type { ValueStore } from './ports/value-store.ts'
import { searchWorkerUrl, wireSearch } from './wire-search.ts'

// Composition root of the page: makes the adapters, gives them to the engine, starts it.

/** The same on every visit to this browser profile; what the browser refuses is said by `account.view`. */
export const createServices = async (version: string): Promise<Services> => {
  const logging = createLogging(version)
  const { log } = logging
  if (!globalThis.isSecureContext) return createUnavailableServices('insecure-context', logging)
  if (!('subtle' in crypto)) return createUnavailableServices('crypto-missing', logging)
  const trust = createScriptTrust([serviceWorkerUrl, searchWorkerUrl])
  const worker = createServiceWorkerLink(trust)
  // Before everything else: a first visit's shell is fetched while keys are made.
  worker.onMessage((message) => message.kind === 'log' && logging.receive(message.entry))
  worker.start()
  const database = await openDatabase().catch(log.failed('the database was not opened'))
  if (database === undefined) return createUnavailableServices('storage-refused', logging)
  try {
    return await wire({ database, worker, trust, logging }, await openIdentity(database))
  } catch (cause) {
    log.failed('the keys of this device were not read or made')(cause)
    return createUnavailableServices('crypto-missing', logging)
  }
}

type Logging = Pick<Services, 'log' | 'diagnostics'> & {
  /** Takes what a worker logged. */
  readonly receive: (entry: LogEntry) => void
  /** What the diagnostics say of the engine, once it runs. */
  setStates(states: () => Record<string, number | boolean | string>): void
}

const createLogging = (version: string): Logging => {
  const buffer = createLogBuffer()
  const receive = (entry: LogEntry): void => {
    buffer.add(entry)
    writeToConsole(entry)
  }
  let states: Parameters<Logging['setStates']>[0] = () => ({})
  return {
    log: createLog({ clock, threshold: 'info', write: receive }, 'app'),
    diagnostics: createDiagnostics({
      version,
      environment: browserEnvironment,
      buffer,
      clock,
      states: () => states(),
    }),
    receive,
    setStates: (read) => (states = read),
  }
}

const openIdentity = async (database: Database): Promise<DeviceIdentity> => {
  const devices = createIdbDeviceStore(database)
  return (
    (await devices.get()) ??
    devices.putFirst(await createIdentity({ subtle: crypto.subtle, random, clock }, deviceName()))
  )
}

/** What people will know this device by in their list of devices. */
const deviceName = (): string => {
  const agent = navigator.userAgent
  const browser = /(Firefox|Edg|Chrome|Safari)\//.exec(agent)?.[1] ?? 'Browser'
  const system = /(Android|iPhone|iPad|Mac OS X|Windows|Linux)/.exec(agent)?.[1] ?? 'device'
  return `${browser === 'Edg' ? 'Edge' : browser} on ${system}`
}

type Connected = {
  readonly values: ValueStore
  readonly server: ServerConnection
  readonly client: SignedClient
  readonly licenses: LicenseHolder
  readonly identity: DeviceIdentity
  readonly http: ReturnType<typeof createFetchHttpClient>
}

const connect = (database: Database, worker: StreamWorker, identity: DeviceIdentity): Connected => {
  const { subtle } = crypto
  const values = createIdbValueStore(database, 'values', clock)
  const http = createFetchHttpClient({ fetch: (input, init) => fetch(input, init) })
  const server = createServerConnection({ http, values, clock })
  const client = createSignedClient({ http, server, values, subtle, clock, random, identity })
  const keys = createIdbContentKeyStore(database)
  const licenses = createLicenseHolder({
    client,
    server,
    keys,
    identity,
    subtle,
    clock,
    onKeys: () => worker.post({ kind: 'keys' }),
  })
  return { values, server, client, licenses, identity, http }
}

type Adapters = {
  readonly database: Database
  readonly worker: StreamWorker
  readonly trust: (url: string) => string
  readonly logging: Logging
}

const wire = async ({ database, worker, trust, logging }: Adapters, identity: DeviceIdentity): Promise<Services> => {
  const connected = connect(database, worker, identity)
  const { values, server, client, licenses, http } = connected
  const settings = await createSettings(values)
  const answers = createIdbValueStore(database, 'answers', clock)
  const library = createLibrary({ client, http, answers, subtle: crypto.subtle, clock, onTracks: licenses.want })
  const account = createAccount({ identity, client, server })
  const { search, keepSoon } = wireSearch({
    client,
    server,
    values,
    trust,
    log: logging.log.child('search'),
    receiveLog: logging.receive,
  })
  const player = wirePlayer({ ...connected, database, worker, settings, library, keepSearch: keepSoon })
  const uploads = createUploads({ uploader: createTusUploader(client), server })
  logging.setStates(() => ({
    'Server reachable': server.isOnline.get(),
    'Service worker': worker.state(),
    'Index on this device': indexStateText(search.deviceIndex.get()),
  }))
  account.start()
  server.start()
  addEventListener('pagehide', () => player.rest())
  addEventListener('online', () => void server.refresh(AbortSignal.timeout(10_000)).catch(() => undefined))
  addEventListener('offline', () => server.report(false))
  await player.start()
  const send = (trackId: string) =>
    client.request(
      { method: 'POST', path: '/api/plays', body: { trackId }, signal: AbortSignal.timeout(30_000) },
      z.unknown(),
    )
  startPlayReporter({
    view: player.view,
    settings,
    isOnline: server.isOnline,
    clock,
    onPlayed: (track) => search.touch(hitOfTrack(track)),
    send,
  })
  return {
    player,
    library,
    search,
    account,
    ingest: createIngestMonitor({ client, clock }),
    uploads,
    settings,
    log: logging.log,
    diagnostics: logging.diagnostics,
    isOnline: server.isOnline,
    shell: shellOf(worker),
  }
}

type PlayerParts = Connected & {
  readonly database: Database
  readonly worker: StreamWorker
  readonly settings: Services['settings']
  readonly library: Services['library']
  readonly keepSearch: () => void
}

const wirePlayer = ({ database, worker, settings, library, licenses, server, values, keepSearch }: PlayerParts) => {
  const output = createHowlerAudioOutput()
  const canPlayFlac = output.canPlay('audio/mp4; codecs="flac"')
  const setup = createPlaySetup({ plays: createIdbPlayStore(database), clock, random, canPlayFlac })
  const serverKey = async (signal: AbortSignal) => (await server.known(signal).catch(() => undefined))?.signingKey
  const withoutWorker: DeckDeps['withoutWorker'] = async (listening) =>
    (await import('./stream-in-page.ts')).streamInPage(database, listening)
  const pathProbe = createPathProbe(values, worker)
  const setPlayWanted = createPlaybackLock()
  const whenQuiet = createQuietWork([() => worker.post({ kind: 'keep-shell' }), keepSearch])
  const player = createPlayer({
    createDeck: (on) =>
      createSoundDeck(
        {
          output,
          setup,
          worker,
          licenses,
          clock,
          serverKey,
          isOnline: () => navigator.onLine,
          withoutWorker,
          isPathGood: pathProbe.isGood,
        },
        on,
      ),
    setup,
    persistence: createQueuePersistence({ values, clock }),
    licenses,
    library,
    settings,
    controls: createBrowserMediaControls(),
    isOnline: server.isOnline,
    clock,
    random,
    onPlayWanted: (isPlayWanted) => {
      setPlayWanted(isPlayWanted)
      if (isPlayWanted) pathProbe.run()
      if (isPlayWanted) whenQuiet(afterSoundMs)
      if (!isPlayWanted) worker.activateUpdate()
    },
    prefetch: (track) => {
      const known = server.server.get()
      if (known !== undefined)
        worker.post({ kind: 'prefetch', signedHead: fromBase64Url(track.heads.aac), serverKey: known.signingKey })
    },
  })
  worker.onState(() => {
    const { kind } = player.view.get().state
    if (worker.state() === 'updating' && kind !== 'playing' && kind !== 'loading') worker.activateUpdate()
  })
  return player
}

/** What nobody waits for is done so long after the first sound, or after the start where nothing sounds. */
const afterSoundMs = 8_000
const afterStartMs = 20_000

const createQuietWork = (works: readonly (() => void)[]): ((inMs: number) => void) => {
  let isDone = false
  const soon = (inMs: number): void => {
    void clock.after(inMs, new AbortController().signal).then(() => {
      if (!isDone) works.forEach((work) => work())
      isDone = true
    })
  }
  soon(afterStartMs)
  return soon
}

/** At the first play in this browser profile: whether its media element takes what the worker gives. */
const createPathProbe = (values: ValueStore, worker: StreamWorker) => {
  const valueName = 'stream-path'
  let isGood: boolean | undefined
  let isRunning = false
  const probe = async (): Promise<void> => {
    const kept = await values.get(valueName).catch(() => undefined)
    if (kept === 'good' || !(await worker.ready(AbortSignal.timeout(10_000)))) return
    isGood = await probeStreamPath(silentFilePath)
    if (isGood) await values.put(valueName, 'good')
  }
  return {
    isGood: () => isGood,
    run: () => {
      if (isRunning) return
      isRunning = true
      probe().catch(() => undefined)
    },
  }
}

const indexStateText = (index: DeviceIndexState): string =>
  index.kind === 'ready' ? `${index.kind}, ${index.scope}, ${index.tracks} tracks` : index.kind

const shellOf = (worker: StreamWorker): Readable<WorkerState> => {
  const shell = createCell<WorkerState>(worker.state())
  worker.onState(() => shell.set(worker.state()))
  return shell
}
