import { searchChangesSchema, searchDocumentSchema } from '@tonestead/protocol/search'
import type { DocumentChange, SearchDocument } from '@tonestead/search-index/document'
import type { OpenedIndex, SearchIndex } from '@tonestead/search-index/search-index'
import type { StoredChanges, StoredHead, SearchStore } from '../../ports/search-store.ts'
import type { Followed, StoredIndex, NotStored, SearchCall } from '../../ports/search-worker.ts'

export type IndexHostDeps = {
  readonly store: SearchStore
  readonly indexes: {
    readonly open: (bytes: Uint8Array<ArrayBuffer>) => OpenedIndex
    readonly create: (documents: Iterable<SearchDocument>) => SearchIndex
  }
  /** Notifies the other tabs that the stored index has changed. */
  readonly announce: () => void
}

/** Runs the calls to the search worker one after the other. Searches and suggestions do not wait: the open index answers them at once. */
export type IndexHost = {
  handle(call: CatalogCall): Promise<unknown>
  /** Another tab wrote: brings the open index up to date. undefined: nothing changed here. */
  refresh(): Promise<StoredIndex | undefined>
}

type CatalogCall = Exclude<SearchCall, { readonly kind: 'fill-own' | 'search-own' | 'suggest-own' }>
type Home = { readonly serverId: string; readonly scope: 'catalog' | 'touched' }
type OpenIndex =
  | { readonly scope: 'touched'; readonly index: SearchIndex }
  | { readonly scope: 'catalog'; readonly index: SearchIndex; readonly head: StoredHead; readonly sequence: number }
type Host = IndexHostDeps & { home: Home | undefined; open: OpenIndex | undefined }

/** The most documents stored because they were opened or played here. */
export const mostTouched = 5_000

export const createIndexHost = (deps: IndexHostDeps): IndexHost => {
  const host: Host = { ...deps, home: undefined, open: undefined }
  let lastCall: Promise<unknown> = Promise.resolve()
  const enqueue = <T>(work: () => Promise<T>): Promise<T> => {
    const done = lastCall.then(work)
    // The caller gets the failure; the next call runs all the same.
    lastCall = done.catch(() => undefined)
    return done
  }
  return {
    handle: (call) => {
      if (call.kind === 'search') return Promise.resolve(host.open?.index.search(call.query))
      if (call.kind === 'suggest') return Promise.resolve(host.open?.index.suggest(call))
      return enqueue(() => handleMessage(host, call))
    },
    refresh: () => enqueue(() => refresh(host)),
  }
}

const handleMessage = async (
  host: Host,
  call: Exclude<CatalogCall, { kind: 'search' | 'suggest' }>,
): Promise<unknown> => {
  switch (call.kind) {
    case 'open':
      host.home = { serverId: call.serverId, scope: call.scope }
      return reopen(host)
    case 'replace':
      return replace(host, call)
    case 'follow':
      return follow(host, call)
    case 'compact':
      return compact(host, call.serverId)
    case 'touch':
      return recordUse(host, call)
  }
}

const storedOf = (open: OpenIndex | undefined): StoredIndex => {
  if (open === undefined) return { kind: 'absent' }
  const tracks = open.index.count('track')
  if (open.scope === 'touched') return { kind: 'ready', scope: 'touched', tracks, sequence: 0 }
  const { head, sequence, index } = open
  return {
    kind: 'ready',
    scope: 'catalog',
    tracks,
    sequence,
    audience: head.audience,
    fetchedAtMs: head.fetchedAtMs,
    pending: index.pendingCount(),
  }
}

const reopen = async (host: Host): Promise<StoredIndex> => {
  const { home } = host
  if (home === undefined) return { kind: 'absent' }
  host.open = home.scope === 'touched' ? await openTouched(host, home.serverId) : await openCatalog(host, home.serverId)
  return storedOf(host.open)
}

const openTouched = async ({ store, indexes }: Host, serverId: string): Promise<OpenIndex> => {
  const stored = await store.touched(serverId)
  const documents = stored.flatMap(({ document, times }) => documentOf(document, times) ?? [])
  return { scope: 'touched', index: indexes.create(documents) }
}

const documentOf = (stored: unknown, times: number): SearchDocument | undefined => {
  const { data } = searchDocumentSchema.safeParse(stored)
  return data === undefined ? undefined : { ...data, popularity: times }
}

/** A stored index that cannot be opened is deleted, so that the index sync fetches it again. */
const openCatalog = async (
  { store, indexes }: Host,
  serverId: string,
): Promise<Extract<OpenIndex, { scope: 'catalog' }> | undefined> => {
  const stored = await store.read()
  if (stored === undefined || stored.head.serverId !== serverId) return undefined
  const opened = indexes.open(stored.bytes)
  const changes = changesOf(stored.changes)
  if (opened.kind === 'refused' || changes === undefined) return void (await store.drop(stored.head.version))
  opened.index.apply(changes)
  return {
    scope: 'catalog',
    index: opened.index,
    head: stored.head,
    sequence: stored.changes.at(-1)?.last ?? opened.sequence,
  }
}

const itemsSchema = searchChangesSchema.shape.items
const changesOf = (rows: readonly StoredChanges[]): DocumentChange[] | undefined => {
  const parsed = rows.map(({ items }) => itemsSchema.safeParse(items).data)
  return parsed.every((items) => items !== undefined) ? parsed.flat() : undefined
}

const refresh = async (host: Host): Promise<StoredIndex | undefined> => {
  const { home, open, store } = host
  if (home?.scope !== 'catalog') return undefined
  const head = await store.head()
  if (open?.scope !== 'catalog' || head?.snapshotVersion !== open.head.snapshotVersion) return reopen(host)
  if (head.version === open.head.version) return undefined
  const rows = await store.changesAfter(open.head.version)
  const changes = changesOf(rows)
  const last = rows.at(-1)
  if (changes === undefined || last === undefined) return reopen(host)
  open.index.apply(changes)
  host.open = { ...open, head: { ...open.head, version: last.version }, sequence: last.last }
  return storedOf(host.open)
}

const replace = async (
  host: Host,
  { bytes, serverId, audience, fetchedAtMs }: Extract<SearchCall, { kind: 'replace' }>,
): Promise<StoredIndex | NotStored> => {
  const opened = host.indexes.open(bytes)
  if (opened.kind === 'refused') return { kind: 'refused', reason: opened.reason }
  const head = await orWhenFull(host.store.replace({ serverId, audience, fetchedAtMs, bytes }))
  if (head === 'no-room') return { kind: 'no-room' }
  host.home = { serverId, scope: 'catalog' }
  host.open = { scope: 'catalog', index: opened.index, head, sequence: opened.sequence }
  host.announce()
  return storedOf(host.open)
}

/** A full disk is an expected outcome. */
const orWhenFull = <T>(write: Promise<T>): Promise<T | 'no-room'> =>
  write.catch((cause: unknown) => {
    if (cause instanceof Error && cause.name === 'QuotaExceededError') return 'no-room' as const
    throw cause
  })

const follow = async (
  host: Host,
  { after, answer }: Extract<SearchCall, { kind: 'follow' }>,
): Promise<Followed | NotStored> => {
  const { open } = host
  const { data } = searchChangesSchema.safeParse(answer)
  if (data === undefined) return { kind: 'refused', reason: 'not-understood' }
  if (open?.scope !== 'catalog' || open.sequence !== after) return { kind: 'refused', reason: 'outrun' }
  if (data.isTooOld) return { kind: 'too-old' }
  if (data.items.length === 0 && data.last === after)
    return { kind: 'followed', stored: storedOf(open), isLast: data.isLast }
  const head = await orWhenFull(host.store.append(open.head.version, { last: data.last, items: data.items }))
  if (head === 'no-room') return { kind: 'no-room' }
  if (head === undefined) {
    await reopen(host)
    return { kind: 'refused', reason: 'outrun' }
  }
  open.index.apply(data.items)
  host.open = { ...open, head, sequence: data.last }
  host.announce()
  return { kind: 'followed', stored: storedOf(host.open), isLast: data.isLast }
}

const compact = async (host: Host, serverId: string): Promise<void> => {
  const open = await openCatalog(host, serverId)
  if (open === undefined || open.index.pendingCount() === 0) return
  // snapshot() of an index with changes stores the changes beside the built part; only a rebuild merges them.
  const bytes = host.indexes.create(open.index.documents()).snapshot(open.sequence)
  const head = await orWhenFull(host.store.compact(open.head.version, bytes))
  if (head !== undefined && head !== 'no-room') host.announce()
}

const recordUse = async (
  host: Host,
  { serverId, document, atMs }: Extract<SearchCall, { kind: 'touch' }>,
): Promise<void> => {
  const { data } = searchDocumentSchema.safeParse(document)
  if (data === undefined) throw new Error('the recorded use has no valid document')
  const stored = await orWhenFull(
    host.store.touch(serverId, { key: `${data.kind}/${data.id}`, document: data, atMs, most: mostTouched }),
  )
  if (stored === 'no-room' || host.open?.scope !== 'touched' || host.home?.serverId !== serverId) return
  host.open.index.apply([{ change: 'put', document: { ...data, popularity: stored.times } }])
}
