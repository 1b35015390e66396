import type { SearchHit } from '@tonestead/search-index/answer'
import type { DocumentKind } from '@tonestead/search-index/document'
import type { Answer } from '../server/answer.ts'
import { isSameQuery } from './is-same-query.ts'
import { appendHits, isEmpty, mergeResults, type Groups } from './merge-results.ts'
import { mergeOwn } from './own/merge-own.ts'
import type { SearchQuery, SearchResult, SearchView } from './search.ts'

// The state of a search as a pure function (model, event) → model, and the view of it. Every event carries the number of its query.

/** `own`: the playlists of the account and what is saved. */
export type Source = 'device' | 'server' | 'own'
/** The first page of one source's result, and the position of its next page for each kind that has one. */
export type SourceResult = { readonly result: SearchResult; readonly next: NextPages }
type NextPages = { readonly [Kind in DocumentKind]?: string | undefined }
type Failure = Exclude<Answer<never>, { kind: 'ready' }>

type SourceState =
  | { readonly kind: 'unused' }
  | { readonly kind: 'waiting' }
  | ({ readonly kind: 'found' } & SourceResult)
  | { readonly kind: 'failed'; readonly failure: Failure }

export type SearchModel = {
  readonly queryNumber: number
  readonly query: SearchQuery | undefined
  readonly device: SourceState
  readonly server: SourceState
  readonly own: SourceState
  /** The result of this query, with all pages loaded so far. */
  readonly result: SearchResult | undefined
  /** The result of an earlier query. */
  readonly last: SearchResult | undefined
}

export type SearchEvent =
  | { readonly kind: 'cleared' }
  | { readonly kind: 'started'; readonly query: SearchQuery; readonly sources: readonly Source[] }
  /** A source that was not available at the start is searched as well. */
  | { readonly kind: 'source-added'; readonly queryNumber: number; readonly source: Source }
  | ({ readonly kind: 'found'; readonly queryNumber: number; readonly source: Source } & SourceResult)
  | { readonly kind: 'failed'; readonly queryNumber: number; readonly source: Source; readonly failure: Failure }
  | {
      readonly kind: 'pages-loaded'
      readonly queryNumber: number
      readonly of: DocumentKind
      readonly pages: readonly HitPage[]
    }
export type HitPage = {
  readonly source: Source
  readonly hits: readonly SearchHit[]
  readonly next: string | undefined
}

const unused: SourceState = { kind: 'unused' }
const waiting: SourceState = { kind: 'waiting' }

export const idleSearch: SearchModel = {
  queryNumber: 0,
  query: undefined,
  device: unused,
  server: unused,
  own: unused,
  result: undefined,
  last: undefined,
}

export const stepSearch = (model: SearchModel, event: SearchEvent): SearchModel => {
  if (event.kind === 'cleared') return { ...idleSearch, queryNumber: model.queryNumber + 1 }
  if (event.kind === 'started') return start(model, event)
  // An event of an earlier query is too late.
  if (event.queryNumber !== model.queryNumber) return model
  switch (event.kind) {
    case 'source-added':
      return { ...model, [event.source]: waiting }
    case 'found':
      return withResult({ ...model, [event.source]: { kind: 'found', result: event.result, next: event.next } })
    case 'failed':
      return { ...model, [event.source]: { kind: 'failed', failure: event.failure } }
    case 'pages-loaded':
      return event.pages.reduce((before, page) => withPage(before, event.of, page), model)
  }
}

/** A query that is started again keeps its result on the screen until there is a new one. */
const start = (model: SearchModel, { query, sources }: Extract<SearchEvent, { kind: 'started' }>): SearchModel => {
  const isSame = model.query !== undefined && isSameQuery(model.query, query)
  return {
    queryNumber: model.queryNumber + 1,
    query,
    device: sources.includes('device') ? waiting : unused,
    server: sources.includes('server') ? waiting : unused,
    own: sources.includes('own') ? waiting : unused,
    result: isSame ? model.result : undefined,
    last: model.result ?? model.last,
  }
}

const withResult = (model: SearchModel): SearchModel => {
  const device = sourceResult(model.device)?.result
  const server = sourceResult(model.server)?.result
  const own = sourceResult(model.own)?.result
  const catalog = device === undefined || server === undefined ? (device ?? server) : mergeResults(device, server)
  const result = catalog === undefined || own === undefined ? (catalog ?? own) : mergeOwn(catalog, own)
  return result === undefined ? model : { ...model, result }
}

const sourceResult = (state: SourceState): SourceResult | undefined => (state.kind === 'found' ? state : undefined)

const withPage = (model: SearchModel, kind: DocumentKind, { source, hits, next }: HitPage): SearchModel => {
  const state = model[source]
  if (state.kind !== 'found' || model.result === undefined) return model
  const changed = {
    ...model,
    [source]: {
      kind: 'found' as const,
      next: { ...state.next, [kind]: next },
      result: { ...state.result, groups: withHits(state.result.groups, kind, hits) },
    },
  }
  const group = { hits: appendHits(model.result.groups[kind].hits, hits), hasMore: nextPages(changed, kind).length > 0 }
  return { ...changed, result: { ...model.result, groups: { ...model.result.groups, [kind]: group } } }
}

const withHits = (groups: Groups, kind: DocumentKind, hits: readonly SearchHit[]): Groups => ({
  ...groups,
  [kind]: { ...groups[kind], hits: appendHits(groups[kind].hits, hits) },
})

/** The position of each source's next page of this kind. */
export const nextPages = (
  model: SearchModel,
  kind: DocumentKind,
): readonly { readonly source: Source; readonly page: string }[] =>
  (['device', 'server', 'own'] as const).flatMap((source) => {
    const page = sourceResult(model[source])?.next[kind]
    return page === undefined ? [] : [{ source, page }]
  })

export const viewOf = (model: SearchModel): SearchView => {
  const { query, result, last } = model
  if (query === undefined) return { kind: 'idle' }
  const isSettled = [model.device, model.server, model.own].every(({ kind }) => kind !== 'waiting')
  const hasHits = result !== undefined && !isEmpty(result.groups)
  // An empty result is not shown while a source is still searching, nor when the catalog was not searched.
  if (result !== undefined && (hasHits || (isSettled && !isCatalogMissing(model))))
    return { kind: 'found', query, result, isSettled }
  return isSettled ? { kind: 'failed', query, failure: failureOf(model) } : { kind: 'searching', query, last }
}

/** [OS6] The catalog should have been searched, but only what is the account's own was. */
const isCatalogMissing = ({ result, device, server }: SearchModel): boolean =>
  result?.from === 'own' && (device.kind === 'failed' || server.kind === 'failed')

const failureOf = ({ device, server, own }: SearchModel): Failure => {
  if (server.kind === 'failed') return server.failure
  return own.kind === 'failed' && device.kind === 'unused' ? own.failure : { kind: 'offline' }
}
