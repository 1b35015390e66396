import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { AccountStore } from '../ports/account-store.ts'
import type { CatalogStore } from '../ports/catalog-store.ts'
import type { ContentKeyStore } from '../ports/content-key-store.ts'
import type { SourceStore } from '../ports/source-store.ts'
import { remotePort } from './remote-port.ts'
import type { Stores } from './sqlite-stores.ts'

/** The stores in a thread of their own: a slow query or an fsync never holds up a chunk. Whoever opens closes. */
export const openSqliteThread = async (options: { path: string; instanceKey: Uint8Array; at: number }): Promise<Stores & { readonly close: () => Promise<void> }> => {
  const worker = new Worker(new URL('./sqlite-thread-main.ts', import.meta.url), { workerData: options })
  const ended = new AbortController()
  await Promise.race([once(worker, 'message', { signal: ended.signal }), exitAsFault(worker, ended.signal)])
  ended.abort()
  const remotes = {
    catalog: remotePort<CatalogStore>(worker, 'catalog'),
    sources: remotePort<SourceStore>(worker, 'sources'),
    contentKeys: remotePort<ContentKeyStore>(worker, 'contentKeys'),
    accounts: remotePort<AccountStore>(worker, 'accounts'),
  }
  const giveUp = (reason: Error): void => {
    for (const remote of Object.values(remotes)) remote.close(reason)
  }
  worker.setMaxListeners(20)
  worker.on('error', giveUp)
  worker.on('exit', () => {
    giveUp(new Error('the database is closed'))
  })
  const close = async (): Promise<void> => {
    if (worker.threadId < 0) return
    const exited = once(worker, 'exit')
    worker.postMessage({ kind: 'close' })
    await exited
  }
  return { catalog: remotes.catalog.port, sources: remotes.sources.port, contentKeys: remotes.contentKeys.port, accounts: remotes.accounts.port, close }
}

/** Rejects with what made the thread end before it was open. */
const exitAsFault = async (worker: Worker, signal: AbortSignal): Promise<never> => {
  const [code] = (await once(worker, 'exit', { signal })) as [number]
  throw new Error(`the database thread ended with code ${code}`)
}
