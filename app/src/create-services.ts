import { fromBase64Url } from '@tonestead/protocol/bytes'
import type { AccountMembership } from './engine/account/membership.ts'
import type { MembershipDeps } from './engine/account/create-membership.ts'
import { createAccount } from './engine/account/create-account.ts'
import { createIdentity } from './engine/account/create-identity.ts'
import { deviceNameOf } from './engine/account/device-name.ts'
import { createServerConnection, type ServerConnection } from './engine/server/server-connection.ts'
import { createSignedClient, type SignedClient } from './engine/server/signed-client.ts'
import { createCell } from './engine/cell.ts'
import { createLaterIngestMonitor } from './engine/ingest/later-ingest-monitor.ts'
import { createLibrary } from './engine/library/create-library.ts'
import { createLicenseHolder, type LicenseHolder } from './engine/licensing/license-holder.ts'
import { uploadRetryDelaysMs } from './engine/failures/retries.ts'
import { activateUpdatesWhenSilent } from './engine/playback/activate-updates.ts'
import { createLaterPlaylists } from './engine/playlists/later-playlists.ts'
import type { PlaylistsDeps } from './engine/playlists/playlists-context.ts'
import type { PlaybackState } from './engine/playback/playback-state.ts'
import { createPlayer } from './engine/playback/create-player.ts'
import { createPlaySender, startPlayReporter } from './engine/playback/play-reporter.ts'
import { createPlaySetup } from './engine/playback/play-setup.ts'
import { createQueuePersistence } from './engine/playback/queue-persistence.ts'
import { createPlaybackDeck, type DeckDeps } from './engine/playback/playback-deck.ts'
import { createFollower } from './engine/follower.ts'
import { startQuietWork } from './engine/quiet-work.ts'
import type { Readable } from './engine/readable.ts'
import { createFindTracks } from './engine/search/find-tracks.ts'
import { hitOfTrack } from './engine/search/hit-of-track.ts'
import type { Services } from './engine/services.ts'
import { createStreamPath } from './engine/streaming/stream-path.ts'
import { silentFilePath } from './engine/streaming/silent-file-path.ts'
import { createLaterUploads } from './engine/uploads/later-uploads.ts'
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
import { systemClock as clock } from './platform/system/system-clock.ts'
import { systemRandom as random } from './platform/system/system-random.ts'
import type { DeviceIdentity } from './ports/device-store.ts'
import type { Log } from './ports/log.ts'
import type { StreamWorker, WorkerState } from './ports/stream-worker.ts'
import type { ValueStore } from './ports/value-store.ts'
import { documentsWorkerUrl, wireDocuments } from './wire-documents.ts'
import { wireListening } from './wire-listening.ts'
import { wireLog, type Logging } from './wire-log.ts'
import { wirePersonal } from './wire-personal.ts'
import { searchWorkerUrl, wireSearch } from './wire-search.ts'

// Composition root of the page: makes the adapters and the engine, and starts them.

/** The services of the page. Where the browser lacks what they need, `account.view` says so. */
export const createServices = async (version: string): Promise<Services> => {
  const logging = wireLog(version)
  const { log } = logging
  if (!globalThis.isSecureContext) return createUnavailableServices('insecure-context', logging)
  if (!('subtle' in crypto)) return createUnavailableServices('crypto-missing', logging)
  const trust = createScriptTrust([serviceWorkerUrl, searchWorkerUrl, documentsWorkerUrl])
  const worker = createServiceWorkerLink(trust)
  // First of all: at a first visit the service worker is installed while the keys are made.
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

const openIdentity = async (database: Database): Promise<DeviceIdentity> => {
  const devices = createIdbDeviceStore(database)
  return (
    (await devices.get()) ??
    devices.putFirst(await createIdentity({ subtle: crypto.subtle, random, clock }, deviceNameOf(navigator.userAgent)))
  )
}

type Connected = {
  readonly values: ValueStore
  readonly server: ServerConnection
  readonly client: SignedClient
  readonly licenses: LicenseHolder
  readonly identity: DeviceIdentity
  readonly http: ReturnType<typeof createFetchHttpClient>
}

const connect = ({ database, worker, logging: { log } }: Adapters, identity: DeviceIdentity): Connected => {
  const { subtle } = crypto
  const values = createIdbValueStore(database, 'values', clock)
  const http = createFetchHttpClient({ fetch: (input, init) => fetch(input, init) })
  const server = createServerConnection({ http, values, clock, log: log.child('server') })
  const client = createSignedClient({
    http,
    server,
    values,
    subtle,
    clock,
    random,
    identity,
    log: log.child('server'),
  })
  const keys = createIdbContentKeyStore(database)
  const licenses = createLicenseHolder({
    client,
    server,
    keys,
    identity,
    subtle,
    clock,
    log: log.child('licensing'),
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

const wire = async (adapters: Adapters, identity: DeviceIdentity): Promise<Services> => {
  const { worker, trust, logging } = adapters
  const { log, receive: receiveLog } = logging
  const connected = connect(adapters, identity)
  const { server, client } = connected
  const library = wireLibrary(adapters, connected)
  const account = createAccount({ identity, client, server, log: log.child('account') })
  const shell = shellOf(worker)
  const playback = createFollower<{ readonly state: PlaybackState }>({ state: { kind: 'idle' } }, () => undefined)
  const documents = wireDocuments({ ...connected, trust, log: log.child('documents'), receiveLog, shell, playback })
  const { serverId, saved, settings } = await wirePersonal({ ...connected, documents, log })
  const playlists = wirePlaylists(connected, { documents, library, account, serverId, log: log.child('playlists') })
  const { search, keepSoon } = wireSearch({
    ...connected,
    saved,
    playlists,
    trust,
    log: log.child('search'),
    receiveLog,
  })
  let beginListening = (): void => undefined
  let resume = (): void => undefined
  const quietTasks = [keepSoon, documents.start, saved.start, settings.begin, () => beginListening(), () => resume()]
  const player = wirePlayer({ ...connected, ...adapters, settings, library, quietTasks })
  playback.follow(player.view)
  reportStates(adapters, connected, search)
  account.start()
  server.start()
  followPage(player, server)
  await player.start()
  const heard = { player, library, documents, serverId, settings }
  const listening = wireListening({ ...connected, ...heard, log: log.child('listening') })
  beginListening = listening.begin
  resume = wireResume({ player, playlists, isOnline: server.isOnline, log: log.child('playback') })
  reportPlays(connected, { player, settings, search, onListened: listening.onListened, log: log.child('playback') })
  return {
    player: listening.shown,
    devices: listening.devices,
    library,
    search,
    account,
    loadMembership: () => loadMembership(adapters, { ...connected, documents, account, log: log.child('account') }),
    documents,
    playlists,
    saved,
    history: listening.history,
    people: wirePeople(identity, { documents, playlists }),
    playlistImport: wirePlaylistImport(connected, { library, serverId }),
    ingest: wireIngest(connected, log.child('import')),
    uploads: wireUploads(connected, log.child('uploads')),
    settings,
    log,
    diagnostics: logging.diagnostics,
    isOnline: server.isOnline,
    shell,
  }
}

type Reporting = Pick<Services, 'player' | 'search' | 'settings' | 'log'> &
  Pick<ReturnType<typeof wireListening>, 'onListened'>

const reportPlays = ({ client, server }: Connected, { player, search, ...parts }: Reporting): void =>
  startPlayReporter({
    ...{ ...parts, clock },
    view: player.view,
    isOnline: server.isOnline,
    onPlayed: (track) => search.recordUse(hitOfTrack(track)),
    send: createPlaySender(client),
  })

const followPage = (player: { savePosition(): void }, server: ServerConnection): void => {
  addEventListener('pagehide', () => player.savePosition())
  addEventListener('online', () => server.onNetworkChange(true))
  addEventListener('offline', () => server.onNetworkChange(false))
}

const reportStates = ({ logging, worker }: Adapters, { server }: Connected, search: Services['search']): void =>
  logging.setStates(() => ({
    isOnline: server.isOnline.get(),
    worker: worker.state(),
    deviceIndex: search.deviceIndex.get(),
  }))

const wireLibrary = ({ database, logging }: Adapters, { client, http, licenses }: Connected): Services['library'] =>
  createLibrary({
    client,
    http,
    answers: createIdbValueStore(database, 'answers', clock),
    subtle: crypto.subtle,
    clock,
    log: logging.log.child('library'),
    onTracks: licenses.want,
  })

const wirePlaylists = (
  { client, server }: Connected,
  parts: Pick<Services, 'documents' | 'library' | 'account' | 'log'> & Pick<PlaylistsDeps, 'serverId'>,
): Services['playlists'] => {
  const load = async (): Promise<Services['playlists']> => {
    const [{ createPlaylists }, { createFindCandidates }] = await Promise.all([
      import('./engine/playlists/create-playlists.ts'),
      import('./engine/playlists/find-candidates.ts'),
    ])
    return createPlaylists({
      ...parts,
      account: parts.account.view,
      findCandidates: createFindCandidates(client, parts.library),
      isOnline: server.isOnline,
      clock,
      random,
    })
  }
  return createLaterPlaylists(load, parts.log)
}

/** Called when the queue of the last visit was restored. */
const wireResume = (parts: Pick<Services, 'player' | 'playlists' | 'isOnline' | 'log'>): (() => void) => {
  const { context } = parts.player.view.get().queue
  const resume = async (): Promise<void> =>
    (await import('./engine/playlists/resume-playlist.ts')).resumePlaylist({ ...parts, random: Math.random }, context)
  return () => {
    if (context?.kind === 'playlist') void resume().catch(parts.log.failed('the rest of a playlist was not queued'))
  }
}

type MembershipParts = Pick<MembershipDeps, 'http' | 'documents' | 'account' | 'values' | 'log'>

const loadMembership = async ({ database }: Adapters, parts: MembershipParts): Promise<AccountMembership> =>
  (await import('./account-in-page.ts')).accountInPage({ ...parts, database })

const wirePeople = (
  { accountId }: DeviceIdentity,
  parts: Pick<Services, 'documents' | 'playlists'>,
): Services['people'] => {
  let people: ReturnType<Services['people']> | undefined
  return () => (people ??= import('./people-in-page.ts').then(({ peopleInPage }) => peopleInPage(accountId, parts)))
}

/** Its code is loaded with the first file. */
const wirePlaylistImport = (
  { client }: Connected,
  parts: Pick<Services, 'library'> & Pick<PlaylistsDeps, 'serverId'>,
): Services['playlistImport'] => {
  const findTracks = createFindTracks(client, parts.library)
  const load = async (): Promise<Services['playlistImport']> =>
    (await import('./engine/playlist-files/playlist-import.ts')).createPlaylistImport({ ...parts, findTracks })
  return {
    match: async (entries, run) => (await load()).match(entries, run),
    find: findTracks,
  }
}

const wireIngest = ({ client }: Connected, log: Log): Services['ingest'] =>
  createLaterIngestMonitor(
    async () => (await import('./engine/ingest/create-ingest-monitor.ts')).createIngestMonitor({ client, clock, log }),
    log,
  )

const wireUploads = ({ client, server }: Connected, log: Log): Services['uploads'] =>
  createLaterUploads(async () => {
    const [{ createUploads }, { createTusUploader }] = await Promise.all([
      import('./engine/uploads/create-uploads.ts'),
      import('./platform/network/tus-uploader.ts'),
    ])
    const uploader = createTusUploader({ signer: client, retryDelaysMs: uploadRetryDelaysMs, log })
    return createUploads({ uploader, server, log })
  }, log)

type PlayerParts = Connected &
  Adapters & {
    readonly settings: Services['settings']
    readonly library: Services['library']
    /** Work that waits until nobody waits for the network. */
    readonly quietTasks: readonly (() => void)[]
  }

const wirePlayer = (parts: PlayerParts) => {
  const { database, worker, settings, library, licenses, server, values, quietTasks } = parts
  const log = parts.logging.log.child('playback')
  const output = createHowlerAudioOutput()
  const canPlayFlac = output.canPlay('audio/mp4; codecs="flac"')
  const setup = createPlaySetup({ plays: createIdbPlayStore(database), clock, random, log, canPlayFlac })
  const streamPath = createStreamPath({
    values,
    log,
    isWorkerReady: () => worker.ready(AbortSignal.timeout(10_000)),
    runProbe: () => probeStreamPath(silentFilePath, log),
  })
  const deckDeps: DeckDeps = {
    output,
    setup,
    worker,
    licenses,
    clock,
    log,
    serverKey: async (signal) => (await server.known(signal).catch(log.failed('the server is not known')))?.signingKey,
    isOnline: () => navigator.onLine,
    withoutWorker: async (play) => (await import('./stream-in-page.ts')).streamInPage(database, { ...play, log }),
    isPathGood: streamPath.isGood,
  }
  const setPlaybackLock = createPlaybackLock()
  const quiet = startQuietWork(clock, [() => worker.post({ kind: 'keep-shell' }), ...quietTasks])
  const player = createPlayer({
    createDeck: (on) => createPlaybackDeck(deckDeps, on),
    setup,
    persistence: createQueuePersistence({ values, clock, log }),
    licenses,
    library,
    settings,
    controls: createBrowserMediaControls(),
    isOnline: server.isOnline,
    clock,
    random,
    log,
    onPlayWanted: (isPlayWanted) => {
      setPlaybackLock(isPlayWanted)
      if (!isPlayWanted) return
      streamPath.probe()
      quiet.onPlay()
    },
    prefetch: (track) => {
      const known = server.server.get()
      if (known !== undefined)
        worker.post({ kind: 'prefetch', signedHead: fromBase64Url(track.heads.aac), serverKey: known.signingKey })
    },
  })
  activateUpdatesWhenSilent({ worker, view: player.view })
  return player
}

const shellOf = (worker: StreamWorker): Readable<WorkerState> => {
  const shell = createCell<WorkerState>(worker.state())
  worker.onState(() => shell.set(worker.state()))
  return shell
}
