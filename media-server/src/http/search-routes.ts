import type { OpenAPIHono } from '@hono/zod-openapi'
import { ProblemError } from '@tonestead/protocol/problem'
import {
  searchAnswerSchema,
  searchChangesQuerySchema,
  searchChangesSchema,
  type searchKinds,
  searchQuerySchema,
  suggestionsSchema,
  suggestQuerySchema,
  type SearchAnswer as SentAnswer,
  type SearchQuery,
} from '@tonestead/protocol/search'
import type { HitGroup, SearchAnswer } from '@tonestead/search-index/answer'
import type { Context } from 'hono'
import { readSearchCursor, searchCursorAt, type SearchPosition } from '../search/search-cursor.ts'
import { describeRoute, json } from './api-route.ts'
import { audienceFor } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'
import { createSnapshotRoute } from './snapshot-route.ts'

const tags = ['search']
/** The response depends on the caller, so shared caches must not store it. */
const privateCache = { 'cache-control': 'private, no-cache' }

/** Searches, suggestions, and the index that devices download. */
export const mountSearchRoutes = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  const { search } = services
  const measured = createMeasuredCall(services)
  app.openapi(
    describeRoute({
      method: 'get',
      tags,
      path: '/api/search',
      request: { query: searchQuerySchema },
      responses: { 200: json(searchAnswerSchema, 'Results, by kind') },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const position = query.cursor === undefined ? undefined : readSearchCursor({ ...query, cursor: query.cursor })
      const found = await measured(c, 'search', (signal) =>
        search.search(requestOf(query, position), audienceFor(c), signal),
      )
      return c.json(sentAnswer(found, query, position?.offset ?? 0), 200, privateCache)
    },
  )
  app.openapi(
    describeRoute({
      method: 'get',
      tags,
      path: '/api/search/suggestions',
      request: { query: suggestQuerySchema },
      responses: { 200: json(suggestionsSchema, 'Completions of the typed text') },
    }),
    async (c) => {
      const { q, limit } = c.req.valid('query')
      const items = await measured(c, 'suggest', (signal) => search.suggest({ text: q, limit }, audienceFor(c), signal))
      return c.json({ items: [...items] }, 200, privateCache)
    },
  )
  mountDeviceIndex(app, services)
}

const mountDeviceIndex = (app: OpenAPIHono<HttpEnv>, { search }: HttpServices): void => {
  app.openapi(
    describeRoute({
      method: 'get',
      tags,
      path: '/api/search/changes',
      request: { query: searchChangesQuerySchema },
      responses: { 200: json(searchChangesSchema, 'Changes of the index since a sequence number') },
    }),
    async (c) => c.json(await search.changes(c.req.valid('query'), audienceFor(c)), 200, privateCache) as never,
  )
  const snapshot = {
    200: { description: 'The index of what the caller may see, compressed; header tonestead-sequence' },
    304: { description: 'The client has this index' },
  }
  app.openapi(
    describeRoute({ method: 'get', tags, path: '/api/search/snapshot', responses: snapshot }),
    createSnapshotRoute(search),
  )
}

/** Measures a call and passes the request's signal on: a search is not started for a client that has gone. */
const createMeasuredCall =
  ({ metrics }: HttpServices) =>
  async <T>(c: Context<HttpEnv>, call: 'search' | 'suggest', work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const { signal } = c.req.raw
    const stop = metrics.search.seconds.startTimer({ call })
    try {
      const answer = await work(signal)
      stop()
      metrics.search.calls.inc({ call, outcome: 'answered' })
      return answer
    } catch (error) {
      metrics.search.calls.inc({ call, outcome: signal.aborted ? 'given up' : 'refused' })
      throw signal.aborted ? new ProblemError('not-ready', 'The client gave up the request.', { cause: error }) : error
    }
  }

const requestOf = (query: SearchQuery, position: SearchPosition | undefined) => ({
  text: query.q,
  kinds: position === undefined ? query.kinds : [position.kind],
  limit: query.limit,
  offset: position?.offset,
  filters: {
    years: query.years,
    durationMs: query.duration,
    isLossless: query.lossless === undefined ? undefined : (true as const),
  },
  isComplete: query.complete !== undefined,
})

const sentAnswer = (
  { answer, sequence }: { answer: SearchAnswer; sequence: number },
  query: SearchQuery,
  offset: number,
): SentAnswer => {
  const group = (kind: (typeof searchKinds)[number], { hits, hasMore }: HitGroup) => ({
    hits: hits as SentAnswer['groups']['track']['hits'],
    next: hasMore ? searchCursorAt(query, { kind, offset: offset + hits.length }) : undefined,
  })
  const { track, release, artist, playlist } = answer.groups
  const groups = {
    track: group('track', track),
    release: group('release', release),
    artist: group('artist', artist),
    playlist: group('playlist', playlist),
  }
  return { ...(answer as Pick<SentAnswer, 'top' | 'correction' | 'isCut'>), groups, sequence }
}
