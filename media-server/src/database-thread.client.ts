import { once } from 'node:events'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { AccountStore } from './ports/account-store.ts'
import type { CatalogStore } from './ports/catalog-store.ts'
import type { ContentKeyStore } from './ports/content-key-store.ts'
import type { PlayStore } from './ports/play-store.ts'
import type { ScrubSource } from './ports/scrub-source.ts'
import type { SearchSource } from './ports/search-source.ts'
import type { SourceStore } from './ports/source-store.ts'
import { threadLimits } from './platform/process/thread-limits.ts'
import { remotePort } from './platform/process/remote-port.ts'
import type { InstallationMarks } from './platform/sqlite/sqlite-file-check.ts'
import type { Stores } from './platform/sqlite/sqlite-stores.ts'

export type DatabaseThread = Stores & {
  readonly close: () => Promise<void>
  /** Opens a channel to the port `search` for another thread, so that its large reads do not pass through this thread. */
  readonly searchChannel: () => MessagePort
}

/** Opens all stores in a thread of their own, so that a slow query or an fsync never delays a chunk. The caller must close them. */
export const openDatabaseThread = async (options: {
  path: string
  instanceKey: Uint8Array
  /** Catalog ids are HMACs with this key. */
  idSecret: Uint8Array
  marks?: InstallationMarks | undefined
  at: number
}): Promise<DatabaseThread> => {
  const program = new URL('./database-thread.main.ts', import.meta.url)
  const worker = new Worker(program, { workerData: options, resourceLimits: threadLimits })
  const ended = new AbortController()
  await Promise.race([once(worker, 'message', { signal: ended.signal }), rejectOnExit(worker, ended.signal)])
  ended.abort()
  const remotes = {
    catalog: remotePort<CatalogStore>(worker, 'catalog'),
    sources: remotePort<SourceStore>(worker, 'sources'),
    contentKeys: remotePort<ContentKeyStore>(worker, 'contentKeys'),
    accounts: remotePort<AccountStore>(worker, 'accounts'),
    plays: remotePort<PlayStore>(worker, 'plays'),
    search: remotePort<SearchSource>(worker, 'search'),
    scrub: remotePort<ScrubSource>(worker, 'scrub'),
  }
  const closeRemotes = (reason: Error): void => {
    for (const remote of Object.values(remotes)) remote.close(reason)
  }
  worker.setMaxListeners(20)
  worker.on('error', closeRemotes)
  worker.on('exit', () => {
    closeRemotes(new Error('the database is closed'))
  })
  const close = async (): Promise<void> => {
    if (worker.threadId < 0) return
    const exited = once(worker, 'exit')
    worker.postMessage({ kind: 'close' })
    await exited
  }
  const searchChannel = (): MessagePort => {
    const { port1, port2 } = new MessageChannel()
    worker.postMessage({ kind: 'serve', port: port1 }, [port1])
    return port2
  }
  const { catalog, sources, contentKeys, accounts, plays, search, scrub } = remotes
  return {
    catalog: catalog.port,
    sources: sources.port,
    contentKeys: contentKeys.port,
    accounts: accounts.port,
    plays: plays.port,
    search: search.port,
    scrub: scrub.port,
    close,
    searchChannel,
  }
}

/** Rejects with the reason when the thread ends before the database is open. */
const rejectOnExit = async (worker: Worker, signal: AbortSignal): Promise<never> => {
  const [code] = (await once(worker, 'exit', { signal })) as [number]
  throw new Error(`the database thread ended with code ${code}`)
}
