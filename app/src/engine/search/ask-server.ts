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
import { groupsOf } from './merge-found.ts'
import type { Part } from './search-machine.ts'
import type { SearchQuestion } from './search.ts'

/** Optional fields of the wire are fields without a value inside. */
export const hitOf = ({ release, year, durationMs, image, ...hit }: WireHit): SearchHit => ({
  ...hit,
  release,
  year,
  durationMs,
  image,
})

/** A kind asked for alone fills the page; of all kinds each shows its beginning. */
export const pageSizeOf = (question: SearchQuestion): number => (question.kind === undefined ? 10 : 50)

const rangeOf = ({ from, to }: { readonly from: number; readonly to: number }): string => `${from}-${to}`

const queryOf = (question: SearchQuestion): Record<string, string> => {
  const { text, kind, filters } = question
  return {
    q: cut(text),
    limit: String(pageSizeOf(question)),
    ...(kind === undefined ? {} : { kinds: kind }),
    ...(filters.years === undefined ? {} : { years: rangeOf(filters.years) }),
    ...(filters.durationMs === undefined ? {} : { duration: rangeOf(filters.durationMs) }),
    ...(filters.isLossless === undefined ? {} : { lossless: '1' }),
  }
}

const mostCharacters = 200
const cut = (text: string): string => text.slice(0, mostCharacters)

/** `sequence`: how much of the catalog's history the server's index had seen. */
export type ServerPart = { readonly part: Part; readonly sequence: number }

/** A page of the server's answer; `page` goes on with one kind. Abort cancels the request. */
export const askServer = async (
  client: SignedClient,
  asked: { question: SearchQuestion; page?: string | undefined; signal: AbortSignal },
): Promise<Answer<ServerPart>> => {
  const query = { ...queryOf(asked.question), ...(asked.page === undefined ? {} : { cursor: asked.page }) }
  const answer = await client.request(
    { method: 'GET', path: '/api/search', query, signal: asked.signal },
    searchAnswerSchema,
  )
  if (answer.kind !== 'ready') return answer
  const { top, groups, correction, sequence } = answer.value
  const kinds = Object.keys(groups) as DocumentKind[]
  const next = Object.fromEntries(
    kinds.flatMap((kind) => (groups[kind].next === undefined ? [] : [[kind, groups[kind].next]])),
  )
  const part: Part = {
    top: top && hitOf(top),
    groups: groupsOf((kind) => ({ hits: groups[kind].hits.map(hitOf), hasMore: groups[kind].next !== undefined })),
    correction,
    next,
  }
  return { kind: 'ready', value: { part, sequence } }
}

export const askServerToSuggest = async (
  client: SignedClient,
  { text, signal }: { text: string; signal: AbortSignal },
): Promise<Suggestions['items']> => {
  const answer = await client.request(
    { method: 'GET', path: '/api/search/suggestions', query: { q: cut(text) }, signal },
    suggestionsSchema,
  )
  return answer.kind === 'ready' ? answer.value.items : []
}

/** What came to the server's index after this sequence number, unparsed. */
export const askForChanges = (client: SignedClient, after: number, signal: AbortSignal): Promise<Answer<unknown>> =>
  client.request(
    { method: 'GET', path: '/api/search/changes', query: { after: String(after) }, priority: 'low', signal },
    z.unknown(),
  )
