import type { SearchDocument } from '@tonestead/search-index/document'
import { createSearchIndex, openSearchIndex } from '@tonestead/search-index/search-index'
import { createIdbSearchStore } from '../../platform/browser-storage/idb-search-store.ts'
import { openSearchDatabase } from '../../platform/browser-storage/open-search-database.ts'
import { answerCalls } from '../../platform/workers/search-messages.ts'
import { createSearchWorkerLink, type WorkerThread } from '../../platform/workers/search-worker.client.ts'
import type { SearchStore } from '../../ports/search-store.ts'
import type { SearchWorker } from '../../ports/search-worker.ts'
import { withOwnIndex } from './own/own-index.ts'
import { createIndexHost } from './index-host.ts'

// A search worker without a thread. The client, the host, the index and the store are the real ones; messages are cloned.

const indexes = { open: openSearchIndex, create: createSearchIndex }

export const documentOf = (kind: SearchDocument['kind'], id: string, title: string): SearchDocument => ({
  kind,
  id,
  title,
  credits: kind === 'artist' ? [] : [{ id: 'someone', name: 'Some One', join: '' }],
  popularity: 1,
  isPublic: true,
  isLossless: false,
  isInLibrary: false,
})

export const snapshotOf = (documents: readonly SearchDocument[], sequence: number): Uint8Array<ArrayBuffer> =>
  createSearchIndex(documents).snapshot(sequence)

/** A browser: its IndexedDB and the messages between its workers. */
export type TestBrowser = {
  readonly store: SearchStore
  startWorker(wrap?: (store: SearchStore) => SearchStore): SearchWorker & { readonly crash: () => void }
}

let browsers = 0

export const createTestBrowser = async (): Promise<TestBrowser> => {
  const store = createIdbSearchStore(await openSearchDatabase(`search-${(browsers += 1)}`))
  const announceListeners = new Set<() => void>()

  const startWorker: TestBrowser['startWorker'] = (wrap = (same) => same) => {
    const events = new EventTarget()
    const post = (message: unknown): void =>
      void setTimeout(() => events.dispatchEvent(new MessageEvent('message', { data: structuredClone(message) })), 0)
    const host = createIndexHost({
      store: wrap(store),
      indexes,
      announce: () => announceListeners.forEach((listener) => listener !== onAnnounced && listener()),
    })
    const onAnnounced = (): void =>
      void host.refresh().then(
        (stored) => stored !== undefined && post({ kind: 'stored', stored }),
        () => undefined,
      )
    announceListeners.add(onAnnounced)
    const onCall = answerCalls(withOwnIndex(indexes.create, host.handle), post)
    const thread: WorkerThread = {
      postMessage: (message: unknown) => void setTimeout((data: unknown) => onCall(data), 0, structuredClone(message)),
      terminate: () => void announceListeners.delete(onAnnounced),
      addEventListener: events.addEventListener.bind(events),
    }
    return {
      ...createSearchWorkerLink(
        () => thread,
        () => undefined,
      ),
      crash: () => events.dispatchEvent(new Event('error')),
    }
  }
  return { store, startWorker }
}
