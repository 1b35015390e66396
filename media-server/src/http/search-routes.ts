import type { OpenAPIHono } from '@hono/zod-openapi'
import { parseTrackId, type TrackId } from '@tonestead/crdt/ids'
import { ProblemError } from '@tonestead/protocol/problem'
import {
  playReportSchema,
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
import { readSearchCursor, searchCursorAt, type SearchPlace } from '../search/search-cursor.ts'
import { describeRoute, json } from './api-route.ts'
import { audienceFor, requireDevice } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'
import { createRateLimit } from './rate-limit.ts'
import { createSnapshotRoute } from './snapshot-route.ts'

const tags = ['search']
/** What may be seen depends on who asks, so no shared cache keeps it. */
const uncached = { 'cache-control': 'private, no-cache' }

export const mountSearchRoutes = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  const { search } = services
  const ask = createAsk(services)
  app.openapi(
    describeRoute({
      method: 'get',
      tags,
      path: '/api/search',
      request: { query: searchQuerySchema },
      responses: { 200: json(searchAnswerSchema, 'What was found, by kind') },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const place = query.cursor === undefined ? undefined : readSearchCursor({ ...query, cursor: query.cursor })
      const found = await ask(c, 'search', (signal) => search.search(requestOf(query, place), audienceFor(c), signal))
      return c.json(sentAnswer(found, query, place?.offset ?? 0), 200, uncached)
    },
  )
  app.openapi(
    describeRoute({
      method: 'get',
      tags,
      path: '/api/search/suggestions',
      request: { query: suggestQuerySchema },
      responses: { 200: json(suggestionsSchema, 'Ways to go on typing') },
    }),
    async (c) => {
      const { q, limit } = c.req.valid('query')
      const items = await ask(c, 'suggest', (signal) => search.suggest({ text: q, limit }, audienceFor(c), signal))
      return c.json({ items: [...items] }, 200, uncached)
    },
  )
  app.openapi(
    describeRoute({
      method: 'get',
      tags,
      path: '/api/search/changes',
      request: { query: searchChangesQuerySchema },
      responses: { 200: json(searchChangesSchema, 'What came to the index since') },
    }),
    async (c) => c.json(await search.changes(c.req.valid('query'), audienceFor(c)), 200, uncached) as never,
  )
  const snapshot = {
    200: { description: 'The index of what the asker may see, compressed; header tonestead-sequence' },
    304: { description: 'As known' },
  }
  app.openapi(
    describeRoute({ method: 'get', tags, path: '/api/search/snapshot', responses: snapshot }),
    createSnapshotRoute(search),
  )
  mountPlays(app, services)
}

/** Follows the request: whoever goes away is not searched for. */
const createAsk =
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
      throw signal.aborted ? new ProblemError('not-ready', 'The request was given up.', { cause: error }) : error
    }
  }

const mountPlays = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  // A device that was offline reports many at once.
  const limitPlays = createRateLimit(services.clock, { burst: 200, perSecond: 0.5 })
  const request = { body: { required: true, content: { 'application/json': { schema: playReportSchema } } } }
  app.openapi(
    describeRoute({
      method: 'post',
      tags,
      path: '/api/plays',
      request,
      responses: { 204: { description: 'Counted, now or half an hour ago at most' } },
    }),
    async (c) => {
      const caller = requireDevice(c)
      limitPlays(caller.account)
      const id = trackIdOf(c.req.valid('json').trackId)
      if ((await services.catalog.track(id, audienceFor(c))) === undefined) throw new ProblemError('track-not-found')
      await services.countPlay(caller.account, id)
      return c.body(null, 204)
    },
  )
}

const trackIdOf = (text: string): TrackId => {
  try {
    return parseTrackId(text)
  } catch (error) {
    throw new ProblemError('track-not-found', undefined, { cause: error })
  }
}

const requestOf = (query: SearchQuery, place: SearchPlace | undefined) => ({
  text: query.q,
  kinds: place === undefined ? query.kinds : [place.kind],
  limit: query.limit,
  offset: place?.offset,
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
