/// <reference lib="webworker" />
import { createSearchIndex, openSearchIndex } from '@tonestead/search-index/search-index'
import { config } from 'zod'
import { createIndexHost, type IndexHost } from './engine/search/index-host.ts'
import { createIdbSearchStore } from './platform/browser-storage/idb-search-store.ts'
import { openSearchDatabase } from './platform/browser-storage/open-search-database.ts'
import { answerCalls } from './platform/workers/search-messages.ts'
import type { FromSearchWorker } from './ports/search-worker.ts'

// Composition root of the search worker: the index of this device, in a thread of its own, so that neither drawing nor sound waits for it.

declare const self: DedicatedWorkerGlobalScope

// No code from text in here, also none of zod's.
config({ jitless: true })

const channel = new BroadcastChannel('tonestead-search-index')
const tell = (message: FromSearchWorker): void => self.postMessage(message)

const wire = async (): Promise<IndexHost> => {
  const store = createIdbSearchStore(await openSearchDatabase())
  return createIndexHost({
    store,
    indexes: { open: openSearchIndex, create: createSearchIndex },
    announce: () => channel.postMessage('changed'),
  })
}
const wired = wire()
// Each call tells of it.
wired.catch(() => undefined)

const onCall = answerCalls(async (call) => (await wired).handle(call), tell)
self.addEventListener('message', ({ data }) => onCall(data))

channel.addEventListener('message', () => {
  const refreshing = wired.then((host) => host.refresh())
  refreshing.then(
    (kept) => kept !== undefined && tell({ kind: 'kept', kept }),
    () => undefined,
  )
})
