/// <reference lib="webworker" />
import { createSearchIndex, openSearchIndex } from '@tonestead/search-index/search-index'
import { config } from 'zod'
import { createLog } from './engine/diagnostics/create-log.ts'
import { createIndexHost, type IndexHost } from './engine/search/index-host.ts'
import { withOwnIndex } from './engine/search/own/own-index.ts'
import { createIdbSearchStore } from './platform/browser-storage/idb-search-store.ts'
import { openSearchDatabase } from './platform/browser-storage/open-search-database.ts'
import { systemClock } from './platform/system/system-clock.ts'
import { answerCalls } from './platform/workers/search-messages.ts'
import type { FromSearchWorker } from './ports/search-worker.ts'

// Composition root of the search worker: the index of this device, in a thread of its own, so that it blocks neither rendering nor playback.

declare const self: DedicatedWorkerGlobalScope

// zod must not compile code: the content security policy forbids it.
config({ jitless: true })

const channel = new BroadcastChannel('tonestead-search-index')
const post = (message: FromSearchWorker): void => self.postMessage(message)
const log = createLog(
  { clock: systemClock, threshold: 'info', write: (entry) => post({ kind: 'log', entry }) },
  'search-worker',
)

const wire = async (): Promise<IndexHost> => {
  const store = createIdbSearchStore(await openSearchDatabase())
  return createIndexHost({
    store,
    indexes: { open: openSearchIndex, create: createSearchIndex },
    announce: () => channel.postMessage('changed'),
  })
}
const wired = wire()
// Every call rejects with the same error.
wired.catch(log.failed('the index was not opened'))

// What is the account's own is searched also where nothing can be stored.
const handle = withOwnIndex(createSearchIndex, async (call) => (await wired).handle(call))
const onCall = answerCalls(handle, post)
self.addEventListener('message', ({ data }) => onCall(data))

channel.addEventListener('message', () => {
  const refreshing = wired.then((host) => host.refresh())
  refreshing.then(
    (stored) => stored !== undefined && post({ kind: 'stored', stored }),
    log.failed('a change of another tab was not read'),
  )
})
