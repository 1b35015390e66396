import type { ServerConnection } from './engine/server/server-connection.ts'
import type { SignedClient } from './engine/server/signed-client.ts'
import { createPersistenceRequest } from './engine/documents/ask-to-persist.ts'
import { createLazyDocuments, type LazyDocuments } from './engine/documents/lazy-documents.ts'
import type { DocumentService } from './engine/documents/documents.ts'
import { createUnavailableDocuments } from './engine/documents/unavailable-documents.ts'
import { whenCalm } from './engine/when-calm.ts'
import { documentsReloadMs } from './engine/failures/retries.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import type { DeviceIdentity } from './ports/device-store.ts'
import type { Log, LogEntry } from './ports/log.ts'
import type { ValueStore } from './ports/value-store.ts'
import documentsWorkerUrl from './documents-worker.ts?worker&url'

// Composition root of the page's documents. Their code is loaded later than the page.

export { documentsWorkerUrl }

type DocumentsParts = Parameters<typeof whenCalm>[1] & {
  readonly server: ServerConnection
  readonly client: SignedClient
  readonly values: ValueStore
  readonly identity: DeviceIdentity
  readonly log: Log
  /** Takes what the worker logs. */
  readonly receiveLog: (entry: LogEntry) => void
  /** script-trust.ts */
  readonly trust: (url: string) => string
}

const isSupported = (): boolean =>
  'Worker' in globalThis && 'BroadcastChannel' in globalThis && 'locks' in navigator && 'WebAssembly' in globalThis

export const wireDocuments = (parts: DocumentsParts): LazyDocuments => {
  const startWorker = (): Worker => new Worker(parts.trust(documentsWorkerUrl), { type: 'module', name: 'documents' })
  const { values, log } = parts
  const onKept = createPersistenceRequest({ values, log, persist: () => navigator.storage.persist() })
  const load = async (): Promise<DocumentService> => {
    if (!isSupported()) return createUnavailableDocuments('not-supported')
    await whenCalm(clock, parts)
    for (;;) {
      const loaded = await import('./documents-in-page.ts').catch(log.failed('the documents were not loaded'))
      if (loaded !== undefined) return loaded.documentsInPage({ ...parts, onKept }, startWorker)
      await clock.after(documentsReloadMs, new AbortController().signal)
    }
  }
  return createLazyDocuments(load)
}
