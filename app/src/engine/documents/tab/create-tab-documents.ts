import { documentName, type DocumentKind } from '@tonestead/crdt/documents/document-kind'
import type { Intents } from '@tonestead/crdt/documents/documents'
import { splitIntent } from '@tonestead/crdt/documents/split-intent'
import { parseCollectionId, type CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Clock } from '../../../ports/clock.ts'
import type { OpenTabChannel } from '../../../ports/documents/tab-channel.ts'
import { createCell, type Cell } from '../../cell.ts'
import { documentIdOf } from '../../replica/documents/document-id.ts'
import type { Readable } from '../../readable.ts'
import type {
  DocumentIds,
  DocumentRef,
  DocumentsFault,
  DocumentService,
  DocumentView,
  EditResult,
  SyncStatus,
} from '../documents.ts'
import type { ToTab } from '../messages/document-messages.ts'
import { createLeaderQuestions, type LeaderQuestions } from './leader-questions.ts'
import { createTabDocument, type TabDocument } from './tab-document.ts'
import { openTabLink, type TabLink } from './tab-link.ts'

/** A page that is left and opened again soon must not lose its document meanwhile. */
export const unwatchAfterMs = 10_000

type AnyRef = { readonly collection: string | undefined; readonly name: string; readonly kind: DocumentKind }
type Opened = AnyRef & { readonly document: TabDocument<DocumentKind>; isWatched: boolean }
type Sent = {
  readonly opened: Opened
  readonly intent: Intents[DocumentKind]
  readonly resolve: (result: EditResult) => void
}

/** The documents of one tab. */
export type TabDocuments = DocumentService & {
  /** Something was asked of the leader that is not answered yet. */
  readonly isWaiting: () => boolean
  /** The tab was asleep, and may have missed messages: everything is asked for again. */
  readonly refresh: () => void
  /** No worker can run, as it seems. A leader that comes later shows everything again. */
  readonly fail: (reason: DocumentsFault) => void
  readonly close: () => void
}

type Dependencies = {
  readonly openChannel: OpenTabChannel
  readonly clock: Clock
  /** Unique among all tabs. */
  readonly tab: string
  /** The account's own collection. */
  readonly personal: CollectionId
  /** [DO10] An edit of this tab was kept. */
  readonly onKept: () => void
}

type Parts = Dependencies & {
  readonly link: TabLink
  readonly questions: LeaderQuestions
  readonly documents: Map<string, Opened>
  readonly statuses: Map<string, Cell<SyncStatus>>
  /** Edits that are not answered, in their order. */
  readonly sent: Map<number, Sent>
  numbers: number
}

/** [DO1] Documents by the worker of the leading tab. */
export const createTabDocuments = (deps: Dependencies): TabDocuments => {
  const link = openTabLink(deps.openChannel, deps.tab, {
    onMessage: (message) => receive(parts, message),
    onLeader: () => resend(parts),
    onFailed: (reason) => fail(parts, reason),
  })
  const questions = createLeaderQuestions(() => link)
  const parts: Parts = {
    ...deps,
    link,
    questions,
    documents: new Map(),
    statuses: new Map(),
    sent: new Map(),
    numbers: 0,
  }
  const view: DocumentService['view'] = (ref) => openedOf(parts, ref).document.view as never
  return {
    view,
    open: (ref, signal) => firstOpen(view(ref), signal),
    edit: (ref, intent) => edit(parts, openedOf(parts, ref), intent),
    status: (collection) => statusOf(parts, asShared(parts, collection)),
    idsOf: (ref) => Promise.resolve(idsOf(parts, ref)),
    ask: questions.ask,
    value: questions.value,
    isWaiting: () => parts.sent.size > 0 || questions.isWaiting() || [...parts.documents.values()].some(isLoading),
    refresh: () => resend(parts),
    fail: (reason) => fail(parts, reason),
    close: () => link.close(),
  }
}

const fail = (parts: Parts, reason: DocumentsFault): void => {
  for (const { document } of parts.documents.values()) document.fail(reason)
  for (const status of parts.statuses.values()) status.set({ kind: 'unavailable', reason })
  for (const number of [...parts.sent.keys()])
    settle(parts, number, { ...nothing, result: { kind: 'refused', reason } })
  parts.questions.fail(reason)
}

const isLoading = ({ isWatched, document }: Opened): boolean => isWatched && document.view.get().kind === 'loading'

const keyOf = (collection: string | undefined, name: string): string => `${collection ?? ''}\n${name}`

/** The own collection has no name in messages: its worker knows it. */
const asShared = ({ personal }: Parts, collection: string | undefined): string | undefined =>
  collection === personal ? undefined : collection

const idsOf = ({ personal }: Parts, { collection, address }: DocumentRef): DocumentIds => {
  const home = collection === undefined ? personal : parseCollectionId(collection)
  return { collection: home, document: documentIdOf(home, documentName(address)) }
}

const openedOf = (parts: Parts, ref: DocumentRef): Opened => {
  const [collection, { address }] = [asShared(parts, ref.collection), ref]
  const name = documentName(address)
  const known = parts.documents.get(keyOf(collection, name))
  if (known !== undefined) return known
  const document = createTabDocument(address.kind, (isWatched) => setWatched(parts, opened, isWatched))
  const opened: Opened = { collection, name, kind: address.kind, document, isWatched: false }
  parts.documents.set(keyOf(collection, name), opened)
  return opened
}

const setWatched = ({ link, clock }: Parts, opened: Opened, isWatched: boolean): void => {
  const { collection, name, document } = opened
  if (isWatched) {
    if (!opened.isWatched) link.send({ kind: 'watch', collection, name })
    opened.isWatched = true
    return
  }
  void clock.after(unwatchAfterMs, new AbortController().signal).then(() => {
    if (!opened.isWatched || document.isListenedTo()) return
    opened.isWatched = false
    link.send({ kind: 'unwatch', collection, name })
  })
}

const statusOf = ({ statuses, link }: Parts, collection: string | undefined): Cell<SyncStatus> => {
  const known = statuses.get(collection ?? '')
  if (known !== undefined) return known
  const status = createCell<SyncStatus>({ kind: 'starting' })
  statuses.set(collection ?? '', status)
  link.send({ kind: 'watch-status', collection })
  return status
}

/** [DO6] Sends again whatever a leader that is gone may not have answered. The replica keeps an intent once. */
const resend = ({ link, questions, documents, statuses, sent }: Parts): void => {
  for (const { collection, name, isWatched } of documents.values())
    if (isWatched) link.send({ kind: 'watch', collection, name })
  for (const key of statuses.keys()) link.send({ kind: 'watch-status', collection: key === '' ? undefined : key })
  for (const [number, edit] of sent) sendEdit(link, number, edit)
  questions.resend()
}

const receive = (parts: Parts, message: ToTab): void => {
  if (message.kind === 'answer') return void settle(parts, message.number, message)
  if (message.kind === 'status') return parts.statuses.get(message.collection ?? '')?.set(message.status)
  if (message.kind === 'reply' || message.kind === 'value') return void parts.questions.receive(message)
  const opened = parts.documents.get(keyOf(message.collection, message.name))
  if (opened === undefined || opened.document.receive(message)) return
  parts.link.send({ kind: 'watch', collection: opened.collection, name: opened.name })
}

type Answer = { readonly fence: number; readonly version: number; readonly result: EditResult }
const nothing = { fence: 0, version: 0 }

const settle = ({ sent, onKept }: Parts, number: number, { fence, version, result }: Answer): void => {
  const edit = sent.get(number)
  if (edit === undefined) return
  sent.delete(number)
  const isKept = result.kind === 'kept' || result.kind === 'unchanged'
  edit.opened.document.settle(number, { isKept, state: { fence, version } })
  edit.resolve(result)
  if (result.kind === 'kept') onKept()
}

/** [DO7] Parts of a large intent are edits of their own, in order; the first that is refused says what became of the whole. */
const edit = async (parts: Parts, opened: Opened, intent: Intents[DocumentKind]): Promise<EditResult> => {
  const results = await Promise.all(splitIntent(opened.kind, intent).map((part) => sendNew(parts, opened, part)))
  const refusal = results.find(({ kind }) => kind === 'refused' || kind === 'read-only')
  return refusal ?? results.find(({ kind }) => kind === 'kept') ?? { kind: 'unchanged' }
}

const sendNew = (parts: Parts, opened: Opened, intent: Intents[DocumentKind]): Promise<EditResult> =>
  new Promise((resolve) => {
    parts.numbers += 1
    const number = parts.numbers
    parts.sent.set(number, { opened, intent, resolve })
    opened.document.edit(number, intent)
    sendEdit(parts.link, number, { opened, intent })
  })

const sendEdit = (link: TabLink, number: number, { opened, intent }: Pick<Sent, 'opened' | 'intent'>): void =>
  link.send({ kind: 'edit', number, collection: opened.collection, name: opened.name, intent: { ...intent } })

type Settled<K extends DocumentKind> = Exclude<DocumentView<K>, { kind: 'loading' }>

const firstOpen = <K extends DocumentKind>(view: Readable<DocumentView<K>>, signal: AbortSignal): Promise<Settled<K>> =>
  new Promise((resolve, reject) => {
    const stop = new AbortController()
    const look = (): void => {
      const now = view.get()
      if (now.kind === 'loading') return
      stop.abort()
      resolve(now)
    }
    signal.throwIfAborted()
    const unsubscribe = view.subscribe(look)
    stop.signal.addEventListener('abort', unsubscribe, { once: true })
    const onAbort = (): void => {
      stop.abort()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', onAbort, { once: true, signal: stop.signal })
    look()
  })
