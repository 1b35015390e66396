import { documentName, type DocumentKind } from '@tonestead/crdt/documents/document-kind'
import type { Documents, Intents } from '@tonestead/crdt/documents/documents'
import { createCell, type Cell } from '../cell.ts'
import type { DocumentRef, DocumentService, DocumentView, EditResult, SyncStatus } from './documents.ts'
import { applyToPlain, beginningOf } from './plain-document.ts'

/** The id of the account's own collection, in memory. */
const ownCollection = 'o'.repeat(52)

/** Documents in memory, for tests and stories: no worker, no journal, no relay. `edits` lists what was applied. */
export const createMemoryDocuments = (): DocumentService & {
  readonly edits: { readonly name: string; readonly intent: Intents[DocumentKind] }[]
  setStatus(status: SyncStatus): void
} => {
  const views = new Map<string, Cell<DocumentView<DocumentKind>>>()
  const edits: { name: string; intent: Intents[DocumentKind] }[] = []
  const status = createCell<SyncStatus>({ kind: 'synced', atMs: 0 })
  const nameOf = ({ collection = ownCollection, address }: DocumentRef): string =>
    `${collection === ownCollection ? '' : collection}/${documentName(address)}`
  const cellOf = <K extends DocumentKind>(ref: DocumentRef<K>): Cell<DocumentView<K>> => {
    const name = nameOf(ref)
    const beginning = {
      kind: 'open',
      document: beginningOf(ref.address.kind),
      isKnown: false,
      isReadOnly: false,
    } as const
    const cell = views.get(name) ?? createCell<DocumentView<DocumentKind>>(beginning)
    views.set(name, cell)
    return cell as unknown as Cell<DocumentView<K>>
  }
  const edit = <K extends DocumentKind>(ref: DocumentRef<K>, intent: Intents[K]): EditResult => {
    const cell = cellOf(ref)
    const view = cell.get()
    if (view.kind !== 'open') return { kind: 'refused', reason: view.kind }
    const kind = ref.address.kind as K
    const { document, outcome } = applyToPlain<K>(kind, view.document as Documents[K], intent)
    if (outcome.kind !== 'applied') return outcome
    edits.push({ name: nameOf(ref), intent })
    cell.set({ ...view, document, isKnown: true })
    return { kind: 'kept' }
  }
  return {
    edits,
    setStatus: (next) => status.set(next),
    view: cellOf,
    open: (ref) => Promise.resolve(cellOf(ref).get() as never),
    edit: (ref, intent) => Promise.resolve(edit(ref, intent)),
    idsOf: ({ collection = ownCollection, address }) =>
      Promise.resolve({
        collection,
        document: documentName(address)
          .replaceAll(/[^a-z2-7]/g, '')
          .padEnd(52, 'd')
          .slice(0, 52),
      }),
    status: () => status,
    ask: () => Promise.resolve({ kind: 'failed' }),
    value: () => createCell<unknown>(undefined),
  }
}
