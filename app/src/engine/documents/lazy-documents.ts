import { documentName } from '@tonestead/crdt/documents/document-kind'
import { createFollower, type Follower } from '../follower.ts'
import type { DocumentService, DocumentView, SyncStatus } from './documents.ts'

/** Documents whose code is loaded when it is needed. */
export type LazyDocuments = DocumentService & {
  /** Loads now what was not needed yet. */
  readonly start: () => void
}

/**
 * [DO12] Nothing of the documents is in the way of the first paint and the first sound: their code is loaded when a document is shown, opened or edited, or when
 * `start` is called. A status alone loads nothing. `load` must not reject.
 */
export const createLazyDocuments = (load: () => Promise<DocumentService>): LazyDocuments => {
  const views = new Map<string, Follower<DocumentView<never>>>()
  const statuses = new Map<string, Follower<SyncStatus>>()
  const values = new Map<string, Follower<unknown>>()
  const waiting: ((service: DocumentService) => void)[] = []
  let service: DocumentService | undefined
  let loading: Promise<DocumentService> | undefined

  const loadNow = async (): Promise<DocumentService> => {
    service = await load()
    for (const follow of waiting.splice(0)) follow(service)
    return service
  }
  const loaded = (): Promise<DocumentService> => (loading ??= loadNow())
  const start = (): void => void loaded()
  const whenLoaded = (follow: (service: DocumentService) => void): void => {
    if (service === undefined) waiting.push(follow)
    else follow(service)
  }
  const view: DocumentService['view'] = (ref) => {
    const key = `${ref.collection ?? ''}\n${documentName(ref.address)}`
    const known = views.get(key)
    if (known !== undefined) return known
    const made = createFollower<DocumentView<never>>({ kind: 'loading' }, start)
    views.set(key, made)
    whenLoaded((found) => made.follow(found.view(ref) as never))
    return made
  }
  const status: DocumentService['status'] = (collection) => {
    const known = statuses.get(collection ?? '')
    if (known !== undefined) return known
    const made = createFollower<SyncStatus>({ kind: 'starting' }, () => undefined)
    statuses.set(collection ?? '', made)
    whenLoaded((found) => made.follow(found.status(collection)))
    return made
  }
  const value: DocumentService['value'] = (part, key) => {
    const name = `${part}\n${key}`
    const known = values.get(name)
    if (known !== undefined) return known
    const made = createFollower<unknown>(undefined, start)
    values.set(name, made)
    whenLoaded((found) => made.follow(found.value(part, key)))
    return made
  }
  return {
    start,
    view,
    value,
    status,
    open: async (ref, signal) => (await loaded()).open(ref, signal),
    edit: async (ref, intent) => (await loaded()).edit(ref, intent),
    ask: async (part, question, signal) => (await loaded()).ask(part, question, signal),
    idsOf: async (ref) => (await loaded()).idsOf(ref),
  }
}
