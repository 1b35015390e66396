import type { SignedClient } from './engine/server/signed-client.ts'
import type { ServerConnection } from './engine/server/server-connection.ts'
import { requestChanges } from './engine/search/search-requests.ts'
import { createSearch } from './engine/search/create-search.ts'
import { createDeviceIndex, type DeviceIndex } from './engine/search/device-index.ts'
import { createOwnSource } from './engine/search/own/own-source.ts'
import type { IndexSync } from './engine/search/index-sync.ts'
import type { Playlists } from './engine/playlists/playlists.ts'
import type { SavedMusic } from './engine/saved/saved-music.ts'
import type { Search } from './engine/search/search.ts'
import { createSearchWorkerLink } from './platform/workers/search-worker.client.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import type { Log, LogEntry } from './ports/log.ts'
import type { SearchWorker } from './ports/search-worker.ts'
import type { ValueStore } from './ports/value-store.ts'
import searchWorkerUrl from './search-worker.ts?worker&url'

// Composition root of the page's search. The code that keeps the index up to date is loaded later than the page.

export { searchWorkerUrl }

type SearchParts = {
  readonly client: SignedClient
  readonly server: ServerConnection
  readonly values: ValueStore
  readonly saved: SavedMusic
  readonly playlists: Playlists
  readonly log: Log
  /** Takes what the search worker logs. */ readonly receiveLog: (entry: LogEntry) => void
  /** script-trust.ts */ readonly trust: (url: string) => string
}

const tooLargeName = 'search-catalog-too-large'

/** `keepSoon`: starts to fetch the index and to keep it up to date; further calls do nothing. */
export const wireSearch = (parts: SearchParts): { readonly search: Search; readonly keepSoon: () => void } => {
  const { client, server, values, saved, playlists, log } = parts
  const startWorker = createWorkerStarter(parts)
  const device = createDeviceIndex({
    startWorker,
    server,
    clock,
    log,
    isTooLarge: async () => (await values.get(tooLargeName)) === true,
  })
  const withIndexSync = createIndexSyncLoader(parts, device, startWorker)
  const sync = (): void => withIndexSync((indexSync) => indexSync.sync())

  const own = createOwnSource({
    worker: () => {
      // Starts the worker. Whether the index of the catalog can be opened does not matter here.
      void device.open()
      return device.worker()
    },
    saved,
    playlists,
    clock,
    log,
  })

  const search = createSearch({
    device,
    own,
    client,
    values,
    isOnline: server.isOnline,
    clock,
    log,
    loadFold: async () => (await import('@tonestead/search-index/fold')).foldText,
    onWatched: (isWatched) => void (isWatched && device.open().then(sync)),
    onSequence: (sequence) => {
      const stored = device.stored()
      if (stored.kind === 'ready' && stored.scope === 'catalog' && stored.sequence < sequence) sync()
    },
  })

  let isKeeping = false
  const keepSoon = (): void => {
    if (isKeeping) return
    isKeeping = true
    withIndexSync((indexSync) => indexSync.start())
    server.isOnline.subscribe(() => server.isOnline.get() && sync())
    client.session.subscribe(() => client.session.get() !== undefined && sync())
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && sync())
  }
  return { search, keepSoon }
}

type WithIndexSync = (act: (indexSync: IndexSync) => void) => void

/** Loads the code of the index sync at the first call; after a failure the next call tries again. */
const createIndexSyncLoader = (
  { client, server, values, log }: SearchParts,
  device: DeviceIndex,
  startWorker: () => SearchWorker | undefined,
): WithIndexSync => {
  const load = async (): Promise<IndexSync> => {
    const [{ createIndexSync }, { webTabLock }] = await Promise.all([
      import('./engine/search/index-sync.ts'),
      import('./platform/system/web-tab-lock.ts'),
    ])
    return createIndexSync({
      device,
      client,
      server,
      clock,
      log,
      requestChanges: (after, signal) => requestChanges(client, after, signal),
      lock: webTabLock,
      isVisible: () => document.visibilityState === 'visible',
      setTooLarge: (isTooLarge) => values.put(tooLargeName, isTooLarge),
      startCompactor: startWorker,
    })
  }
  let loading: Promise<IndexSync> | undefined
  return (act) => {
    loading ??= load()
    loading.then(act).catch((cause: unknown) => {
      loading = undefined
      log.failed('the index sync was not loaded')(cause)
    })
  }
}

const createWorkerStarter =
  ({ trust, receiveLog }: SearchParts) =>
  (): SearchWorker | undefined =>
    'Worker' in globalThis && 'BroadcastChannel' in globalThis
      ? createSearchWorkerLink(() => new Worker(trust(searchWorkerUrl), { type: 'module', name: 'search' }), receiveLog)
      : undefined
