import type { Readable } from '../readable.ts'
import type { DocumentsFault, DocumentService, DocumentView, SyncStatus } from './documents.ts'

const still = <T>(value: T): Readable<T> => ({ get: () => value, subscribe: () => () => undefined })

/** Documents where this browser keeps none: nothing is shown and every edit is refused. */
export const createUnavailableDocuments = (reason: DocumentsFault): DocumentService => {
  const view = still<Extract<DocumentView<'root'>, { kind: 'unavailable' }>>({ kind: 'unavailable', reason })
  return {
    view: () => view,
    open: () => Promise.resolve(view.get()),
    edit: () => Promise.resolve({ kind: 'refused', reason }),
    idsOf: () => Promise.resolve(undefined),
    status: () => still<SyncStatus>({ kind: 'unavailable', reason }),
    ask: () => Promise.resolve({ kind: 'unavailable', reason }),
    value: () => still(undefined),
  }
}
