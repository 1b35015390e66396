import type { DocumentKind } from '@tonestead/search-index/document'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import type { SignedClient } from '../server/signed-client.ts'
import { createCell } from '../cell.ts'
import type { Readable } from '../readable.ts'
import { mostSuggestions, type DeviceIndex } from './device-index.ts'
import { loadNextPage } from './load-next-page.ts'
import { isOfOtherServer } from './own/own-hit.ts'
import { ownChanged, startOwn, waitsForOwn } from './own/search-own.ts'
import type { OwnSource } from './own/own-source.ts'
import { searchDevice } from './search-device.ts'
import { createRecentQueries } from './recent-queries.ts'
import {
  idleSearch,
  nextPages,
  stepSearch,
  viewOf,
  type SearchEvent,
  type SearchModel,
  type Source,
} from './search-machine.ts'
import { requestSearch, requestSuggestions } from './search-requests.ts'
import { createSourceSuggestions, type SourceSuggestions } from './suggestions-of-sources.ts'
import type { Search, SearchQuery, SearchView } from './search.ts'

export type SearchDeps = {
  readonly device: DeviceIndex
  readonly own: OwnSource
  readonly client: SignedClient
  readonly values: ValueStore
  readonly isOnline: Readable<boolean>
  readonly clock: Clock
  readonly log: Log
  readonly loadFold: () => Promise<(text: string) => string>
  /** The view got its first subscriber, or lost its last one. */
  readonly onWatched: (isWatched: boolean) => void
  /** The server's index has seen this much of the catalog's history. */
  readonly onSequence: (sequence: number) => void
}

/** The server is queried when nothing was typed for this long. */
const quietMs = 120

type SearchContext = SearchDeps & {
  model: SearchModel
  /** Aborts the requests of the current query. */
  requests: AbortController
  lastQueryMs: number
  readonly view: ReturnType<typeof createCell<SearchView>>
  readonly suggestions: SourceSuggestions
}

type CurrentQuery = { readonly queryNumber: number; readonly query: SearchQuery; readonly signal: AbortSignal }

export const createSearch = (deps: SearchDeps): Search => {
  const view = createCell<SearchView>({ kind: 'idle' }, (listeners) => setWatched(listeners > 0))
  const context: SearchContext = {
    ...deps,
    model: idleSearch,
    requests: new AbortController(),
    lastQueryMs: -Infinity,
    view,
    suggestions: createSourceSuggestions(),
  }
  let isWatched = false
  const setWatched = (isNow: boolean): void => {
    if (isNow === isWatched) return
    isWatched = isNow
    deps.onWatched(isNow)
    deps.own.setWatched(isNow)
  }
  deps.isOnline.subscribe(() => deps.isOnline.get() && addServer(context))
  deps.own.state.subscribe(() => ownChanged(ownParts(context), context.model, context.requests.signal))
  return {
    view,
    suggestions: context.suggestions.view,
    deviceIndex: deps.device.state,
    setQuery: (query) => setQuery(context, query),
    loadMore: (kind) => void loadMore(context, kind),
    // The index of what was used holds only things of this server's catalog.
    recordUse: (hit) => void (hit.kind !== 'playlist' && !isOfOtherServer(hit) && deps.device.recordUse(hit)),
    ...createRecentQueries(deps),
  }
}

const dispatch = (context: SearchContext, event: SearchEvent): void => {
  const before = context.model
  context.model = stepSearch(before, event)
  if (context.model !== before) context.view.set(viewOf(context.model))
}

const setQuery = (context: SearchContext, query: SearchQuery): void => {
  context.requests.abort()
  context.requests = new AbortController()
  if (query.text.trim() === '') {
    context.suggestions.clear()
    return void dispatch(context, { kind: 'cleared' })
  }
  const sources = sourcesFor(context, query)
  dispatch(context, { kind: 'started', query, sources })
  const current = { queryNumber: context.model.queryNumber, query, signal: context.requests.signal }
  const hasDevice = sources.includes('device')
  const waitMs = Math.max(0, hasDevice ? quietMs : quietMs - (context.clock.elapsedMs() - context.lastQueryMs))
  context.lastQueryMs = context.clock.elapsedMs()
  context.suggestions.narrow(query.text)
  if (sources.includes('own')) void startOwn(ownParts(context), current)
  if (hasDevice) void startDevice(context, current)
  if (sources.includes('server')) void startServer(context, current, waitMs)
}

const sourcesFor = (context: SearchContext, query: SearchQuery): readonly Source[] => {
  // The indexes of the catalog do not know what is saved.
  if (query.filters.isInLibrary === true) return ['own']
  const hasDevice = context.device.mayAnswer()
  return [
    ...(hasDevice ? ['device' as const] : []),
    // Without an index on this device the server is tried even when it was unreachable a moment ago.
    ...(context.isOnline.get() || !hasDevice ? ['server' as const] : []),
    ...(waitsForOwn(context.own, query) ? ['own' as const] : []),
  ]
}

const ownParts = (context: SearchContext): Parameters<typeof startOwn>[0] => ({
  own: context.own,
  log: context.log,
  suggestions: context.suggestions.own,
  isCurrent: (queryNumber) => queryNumber === context.model.queryNumber,
  dispatch: (event) => dispatch(context, event),
})

const failOffline = (context: SearchContext, queryNumber: number, source: Source): void =>
  dispatch(context, { kind: 'failed', queryNumber, source, failure: { kind: 'offline' } })

const startDevice = async (context: SearchContext, { queryNumber, query, signal }: CurrentQuery): Promise<void> => {
  try {
    const found = await searchDevice(context.device, { query, offset: 0, signal })
    if (found === undefined) failOffline(context, queryNumber, 'device')
    else dispatch(context, { kind: 'found', queryNumber, source: 'device', ...found })
    const suggestions = await context.device.suggest(query.text, signal)
    const isCurrent = queryNumber === context.model.queryNumber
    if (isCurrent && (suggestions.length > 0 || hasWholeCatalog(context))) context.suggestions.catalog.set(suggestions)
  } catch (cause) {
    context.log.failed('the index of this device did not answer')(cause)
    failOffline(context, queryNumber, 'device')
  }
}

const hasWholeCatalog = ({ device }: SearchContext): boolean => {
  const state = device.state.get()
  return state.kind === 'ready' && state.scope === 'catalog'
}

const startServer = async (context: SearchContext, current: CurrentQuery, waitMs: number): Promise<void> => {
  try {
    if (waitMs > 0) await context.clock.after(waitMs, current.signal)
    // With the whole catalog on the device, its suggestions are enough.
    if (!hasWholeCatalog(context))
      void suggestFromServer(context, current).catch(context.log.failed('the server sent no suggestions'))
    await searchServer(context, current)
  } catch (cause) {
    context.log.failed('the server was not searched')(cause)
    failOffline(context, current.queryNumber, 'server')
  }
}

const searchServer = async (context: SearchContext, { queryNumber, query, signal }: CurrentQuery): Promise<void> => {
  const answer = await requestSearch(context.client, { query, signal })
  if (answer.kind !== 'ready')
    return void dispatch(context, { kind: 'failed', queryNumber, source: 'server', failure: answer })
  const { result, next, sequence } = answer.value
  dispatch(context, { kind: 'found', queryNumber, source: 'server', result, next })
  context.onSequence(sequence)
}

const suggestFromServer = async (
  context: SearchContext,
  { queryNumber, query, signal }: CurrentQuery,
): Promise<void> => {
  const items = await requestSuggestions(context.client, { text: query.text, signal })
  if (queryNumber !== context.model.queryNumber || hasWholeCatalog(context)) return
  const texts = new Set(items.map(({ text }) => text))
  const fromDevice =
    context.model.device.kind === 'found'
      ? context.suggestions.catalog.get().filter(({ text }) => !texts.has(text))
      : []
  context.suggestions.catalog.set([...items, ...fromDevice].slice(0, mostSuggestions))
}

/** The server is back: it is searched for the current query too. */
const addServer = (context: SearchContext): void => {
  const { query, server, queryNumber } = context.model
  if (query === undefined || query.filters.isInLibrary === true) return
  if (server.kind === 'waiting' || server.kind === 'found') return
  dispatch(context, { kind: 'source-added', queryNumber, source: 'server' })
  void startServer(context, { queryNumber, query, signal: context.requests.signal }, 0)
}

const loadMore = async (context: SearchContext, kind: DocumentKind): Promise<void> => {
  const { queryNumber, query } = context.model
  if (query === undefined) return
  const { signal } = context.requests
  const pages = await Promise.all(
    nextPages(context.model, kind).map((next) => loadNextPage(context, { ...next, query, kind, signal })),
  )
  dispatch(context, {
    kind: 'pages-loaded',
    queryNumber,
    of: kind,
    pages: pages.filter((page) => page !== undefined),
  })
}
