import type { SignedClient } from './engine/server/signed-client.ts'
import type { ServerConnection } from './engine/server/server-connection.ts'
import { askForChanges } from './engine/search/ask-server.ts'
import { createSearch } from './engine/search/create-search.ts'
import { createDeviceIndex } from './engine/search/device-index.ts'
import type { IndexSync } from './engine/search/index-sync.ts'
import type { Search } from './engine/search/search.ts'
import { createSearchWorkerLink } from './platform/workers/search-worker.client.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import type { Log, LogEntry } from './ports/log.ts'
import type { SearchWorker } from './ports/search-worker.ts'
import type { ValueStore } from './ports/value-store.ts'
import searchWorkerUrl from './search-worker.ts?worker&url'

// Composition root of the page's search. What keeps the index is loaded when there is time for it.

export { searchWorkerUrl }

type SearchParts = {
  readonly client: SignedClient
  readonly server: ServerConnection
  readonly values: ValueStore
  readonly log: Log
  /** Takes what the search worker logs. */ readonly receiveLog: (entry: LogEntry) => void
  /** script-trust.ts */ readonly trust: (url: string) => string
}

const tooLargeName = 'search-catalog-too-large'

/** `keepSoon`: from now on the index may be fetched and kept in step; once. */
export const wireSearch = (parts: SearchParts): { readonly search: Search; readonly keepSoon: () => void } => {
  const { client, server, values } = parts
  const startWorker = createWorkerStarter(parts)
  const device = createDeviceIndex({
    startWorker,
    server,
    clock,
    isTooLarge: async () => (await values.get(tooLargeName)) === true,
  })

  const loadIndexSync = async (): Promise<IndexSync> => {
    const [{ createIndexSync }, { webTabLock }] = await Promise.all([
      import('./engine/search/index-sync.ts'),
      import('./platform/system/web-tab-lock.ts'),
    ])
    const setTooLarge = (isTooLarge: boolean): Promise<void> => values.put(tooLargeName, isTooLarge)
    return createIndexSync({
      device,
      client,
      server,
      clock,
      askForChanges: (after, signal) => askForChanges(client, after, signal),
      lock: webTabLock,
      isVisible: () => document.visibilityState === 'visible',
      setTooLarge,
      startCompactor: startWorker,
    })
  }
  let loading: Promise<IndexSync> | undefined
  const withIndexSync = (act: (indexSync: IndexSync) => void): void => {
    loading ??= loadIndexSync()
    loading.then(act).catch((cause: unknown) => {
      loading = undefined
      parts.log.failed('the index sync was not loaded')(cause)
    })
  }
  const sync = (): void => withIndexSync((indexSync) => indexSync.sync())

  const search = createSearch({
    device,
    client,
    values,
    isOnline: server.isOnline,
    clock,
    loadFold: async () => (await import('@tonestead/search-index/fold')).foldText,
    onWatched: (isWatched) => void (isWatched && device.open().then(sync)),
    onSequence: (sequence) => {
      const kept = device.kept()
      if (kept.kind === 'ready' && kept.scope === 'catalog' && kept.sequence < sequence) sync()
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

const createWorkerStarter =
  ({ trust, receiveLog }: SearchParts) =>
  (): SearchWorker | undefined =>
    'Worker' in globalThis && 'BroadcastChannel' in globalThis
      ? createSearchWorkerLink(() => new Worker(trust(searchWorkerUrl), { type: 'module', name: 'search' }), receiveLog)
      : undefined
