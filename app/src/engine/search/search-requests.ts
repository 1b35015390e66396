import type { SearchHit } from '@tonestead/search-index/answer'
import type { DocumentKind } from '@tonestead/search-index/document'
import {
  searchAnswerSchema,
  suggestionsSchema,
  type SearchHit as WireHit,
  type Suggestions,
} from '@tonestead/protocol/search'
import { z } from 'zod'
import type { SignedClient } from '../server/signed-client.ts'
import type { Answer } from '../server/answer.ts'
import { groupsOf } from './merge-results.ts'
import type { SourceResult } from './search-machine.ts'
import type { SearchQuery } from './search.ts'

/** A field that is absent on the wire is present without a value inside. */
export const hitOf = ({ release, year, durationMs, image, ...hit }: WireHit): SearchHit => ({
  ...hit,
  release,
  year,
  durationMs,
  image,
})

/** A query for one kind fills the page; a query for all kinds shows the first hits of each. */
export const pageSizeOf = (query: SearchQuery): number => (query.kind === undefined ? 10 : 50)

const rangeOf = ({ from, to }: { readonly from: number; readonly to: number }): string => `${from}-${to}`

const parametersOf = (query: SearchQuery): Record<string, string> => {
  const { text, kind, filters } = query
  return {
    q: cut(text),
    limit: String(pageSizeOf(query)),
    ...(kind === undefined ? {} : { kinds: kind }),
    ...(filters.years === undefined ? {} : { years: rangeOf(filters.years) }),
    ...(filters.durationMs === undefined ? {} : { duration: rangeOf(filters.durationMs) }),
    ...(filters.isLossless === undefined ? {} : { lossless: '1' }),
  }
}

const mostCharacters = 200
const cut = (text: string): string => text.slice(0, mostCharacters)

/** `sequence`: how much of the catalog's history the server's index has seen. */
type ServerResult = SourceResult & { readonly sequence: number }

/** A page of the server's result. `page`: the cursor of a further page of one kind. Abort cancels the request. */
export const requestSearch = async (
  client: SignedClient,
  { query, page, signal }: { query: SearchQuery; page?: string | undefined; signal: AbortSignal },
): Promise<Answer<ServerResult>> => {
  const parameters = { ...parametersOf(query), ...(page === undefined ? {} : { cursor: page }) }
  const answer = await client.request(
    { method: 'GET', path: '/api/search', query: parameters, signal },
    searchAnswerSchema,
  )
  if (answer.kind !== 'ready') return answer
  const { top, groups, correction, sequence } = answer.value
  const kinds = Object.keys(groups) as DocumentKind[]
  const next = Object.fromEntries(
    kinds.flatMap((kind) => (groups[kind].next === undefined ? [] : [[kind, groups[kind].next]])),
  )
  const result = {
    top: top && hitOf(top),
    groups: groupsOf((kind) => ({ hits: groups[kind].hits.map(hitOf), hasMore: groups[kind].next !== undefined })),
    correction,
    from: 'server' as const,
  }
  return { kind: 'ready', value: { result, next, sequence } }
}

export const requestSuggestions = async (
  client: SignedClient,
  { text, signal }: { text: string; signal: AbortSignal },
): Promise<Suggestions['items']> => {
  const answer = await client.request(
    { method: 'GET', path: '/api/search/suggestions', query: { q: cut(text) }, signal },
    suggestionsSchema,
  )
  return answer.kind === 'ready' ? answer.value.items : []
}

/** The changes of the server's index after this sequence number, unparsed. */
export const requestChanges = (client: SignedClient, after: number, signal: AbortSignal): Promise<Answer<unknown>> =>
  client.request(
    { method: 'GET', path: '/api/search/changes', query: { after: String(after) }, priority: 'low', signal },
    z.unknown(),
  )
