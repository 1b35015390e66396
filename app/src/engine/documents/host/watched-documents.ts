import type { DocumentKind } from '@tonestead/crdt/documents/document-kind'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Replica } from '../../replica/replica.ts'
import type { DocumentsFault } from '../documents.ts'
import type { ToTab } from '../messages/document-messages.ts'
import { differenceOf } from '../mirror/document-patch.ts'
import type { PlainMap } from '../mirror/plain-value.ts'
import { withSameParts } from '../mirror/same-parts.ts'
import { beginningOf } from '../plain-document.ts'
import { createPlainReader } from './plain-of-automerge.ts'

/** A message for a tab without what is the same in all. */
type Unsigned<Message> = Message extends ToTab ? Omit<Message, 'v' | 'fence'> : never
export type ForTab = Unsigned<ToTab>

/** Which document, as messages name it. */
type DocumentName = { readonly collection?: string | undefined; readonly name: string }

type Shown = {
  readonly document: PlainMap
  /** Of Automerge. */
  readonly source: unknown
  readonly version: number
  readonly isKnown: boolean
  readonly isReadOnly: boolean
}
type Watched = DocumentName & { readonly tabs: Set<string>; shown: Shown | undefined }

/** Where documents are read. */
type OpenReplica = {
  readonly replica: Pick<Replica, 'show' | 'isWritable'>
  /** The collection that is meant where none is named. */
  readonly personal: CollectionId
}

/** Documents that tabs show. Each change of one is sent to those tabs as a patch. */
export type WatchedDocuments = {
  readonly watch: (document: DocumentName, tab: string) => void
  readonly unwatch: (document: DocumentName, tab: string) => void
  readonly leave: (tab: string) => void
  /** Looks at all documents, or at those of one collection, and sends what has changed. */
  readonly refresh: (collection?: CollectionId) => void
  /** No document can be shown. */
  readonly tellUnavailable: () => void
  /** The number of the newest state that was sent; 0 for a document that nobody watches. */
  readonly versionOf: (document: DocumentName) => number
  /** As of the last refresh; undefined for one that nobody watches. */
  readonly shownOf: (document: DocumentName) => PlainMap | undefined
}

type Dependencies = {
  readonly open: () => OpenReplica | undefined
  /** Why nothing is open; undefined while it is only not open yet. */
  readonly fault: () => DocumentsFault | undefined
  readonly send: (tab: string, message: ForTab) => void
}

const keyOf = ({ collection = '', name }: DocumentName): string => `${collection}\n${name}`

export const createWatchedDocuments = (deps: Dependencies): WatchedDocuments => {
  const documents = new Map<string, Watched>()
  const readPlain = createPlainReader()
  let versions = 0

  const show = (document: Watched, { replica, personal }: OpenReplica): void => {
    const before = document.shown
    const shown = readShown(document, { replica, personal, readPlain, version: versions + 1 })
    if (shown === before) return
    versions += 1
    document.shown = shown
    const message = before === undefined ? undefined : patchOf(document, before, shown)
    for (const tab of document.tabs) deps.send(tab, message ?? wholeOf(document, shown))
  }
  const tell = (document: Watched, tab: string): void => {
    const reason = deps.fault()
    if (reason !== undefined) return void deps.send(tab, { kind: 'unavailable', ...nameOf(document), reason })
    const open = deps.open()
    if (open === undefined) return
    if (document.shown === undefined) show(document, open)
    else deps.send(tab, wholeOf(document, document.shown))
  }
  const unwatch = (document: Watched, tab: string): void => {
    document.tabs.delete(tab)
    if (document.tabs.size === 0) documents.delete(keyOf(document))
  }
  return {
    watch: (document, tab) => {
      const known = documents.get(keyOf(document)) ?? { ...document, tabs: new Set(), shown: undefined }
      documents.set(keyOf(document), known)
      known.tabs.add(tab)
      tell(known, tab)
    },
    unwatch: (document, tab) => {
      const known = documents.get(keyOf(document))
      if (known !== undefined) unwatch(known, tab)
    },
    leave: (tab) => {
      for (const document of [...documents.values()]) unwatch(document, tab)
    },
    refresh: (collection) => {
      const open = deps.open()
      if (open === undefined) return
      for (const document of documents.values())
        if (collection === undefined || collection === (document.collection ?? open.personal)) show(document, open)
    },
    tellUnavailable: () => {
      for (const document of documents.values()) for (const tab of document.tabs) tell(document, tab)
    },
    versionOf: (document) => documents.get(keyOf(document))?.shown?.version ?? 0,
    shownOf: (document) => documents.get(keyOf(document))?.shown?.document,
  }
}

type Reading = OpenReplica & { readonly readPlain: (document: object) => PlainMap; readonly version: number }

/** The document as it is now; the same object as before when nothing has changed. */
const readShown = (document: Watched, { replica, personal, readPlain, version }: Reading): Shown => {
  const { name, shown: before } = document
  const collection = (document.collection ?? personal) as CollectionId
  const source = replica.show(collection, name) as object | undefined
  const isReadOnly = !replica.isWritable(collection, name)
  if (before !== undefined && before.source === source && before.isReadOnly === isReadOnly) return before
  const kind = name.split('/', 1)[0] as DocumentKind
  const plain = source === undefined ? (beginningOf(kind) as unknown as PlainMap) : readPlain(source)
  const shared = withSameParts(before?.document, plain) as PlainMap
  return { document: shared, source, version, isKnown: source !== undefined, isReadOnly }
}

const nameOf = ({ collection, name }: Watched): DocumentName => ({ collection, name })

const wholeOf = (watched: Watched, { document, version, isKnown, isReadOnly }: Shown): ForTab => ({
  kind: 'document',
  ...nameOf(watched),
  version,
  document,
  isKnown,
  isReadOnly,
})

const patchOf = (watched: Watched, before: Shown, { document, version, isKnown, isReadOnly }: Shown): ForTab => ({
  kind: 'patch',
  ...nameOf(watched),
  from: before.version,
  version,
  patch: differenceOf(before.document, document),
  isKnown,
  isReadOnly,
})
