import type { OpenAPIHono } from '@hono/zod-openapi'
import { ingestReportSchema, ingestWithdrawalSchema } from '@tonestead/protocol/ingest'
import { ProblemError } from '@tonestead/protocol/problem'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import { describeRoute, json } from './api-route.ts'
import { requireRight } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'
import { createIngestFeed, ingestSummary } from './ingest-feed.ts'

const maxStreams = 64
const heartbeatMs = 15_000
const reportQuery = z.object({
  cursor: z.string().max(2048).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

/** The state of source files, for administrators. */
export const mountIngestRoutes = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  app.openapi(
    describeRoute({
      method: 'get',
      path: '/api/ingest',
      tags: ['ingest'],
      request: { query: reportQuery },
      responses: { 200: json(ingestReportSchema, 'The source files and their state') },
    }),
    async (c) => {
      requireRight(c, 'administer')
      const [summary, page] = await Promise.all([ingestSummary(services), services.sources.items(c.req.valid('query'))])
      return c.json({ summary, ...page }, 200, { 'cache-control': 'private, no-store' }) as never
    },
  )
  app.openapi(
    describeRoute({
      method: 'post',
      path: '/api/ingest/scans',
      tags: ['ingest'],
      responses: { 202: { description: 'The folders are scanned again' } },
    }),
    async (c) => {
      requireRight(c, 'administer')
      await services.ingest.scanAgain()
      return c.json({}, 202)
    },
  )
  app.openapi(
    describeRoute({
      method: 'post',
      path: '/api/ingest/withdrawals',
      tags: ['ingest'],
      responses: { 200: json(ingestWithdrawalSchema, 'The held files were withdrawn') },
    }),
    async (c) => {
      requireRight(c, 'administer')
      return c.json({ withdrawn: await services.sources.withdrawHeld(services.clock.now()) }, 200)
    },
  )
  mountIngestEvents(app, services)
}

const mountIngestEvents = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  const feed = createIngestFeed(services)
  let streams = 0
  app.openapi(
    describeRoute({
      method: 'get',
      path: '/api/ingest/events',
      tags: ['ingest'],
      responses: {
        200: { description: 'Events as they happen', content: { 'text/event-stream': { schema: z.string() } } },
      },
    }),
    (c) => {
      requireRight(c, 'administer')
      if (streams >= maxStreams) throw new ProblemError('rate-limited', 'Too many event streams are open.')
      streams += 1
      return streamSSE(c, async (stream) => {
        const ended = new AbortController()
        stream.onAbort(() => {
          ended.abort()
        })
        const signal = AbortSignal.any([ended.signal, services.stopping])
        const unsubscribe = feed.subscribe(
          (event) => void stream.writeSSE({ event: event.event, data: JSON.stringify(event.data) }),
        )
        try {
          while (!signal.aborted) {
            await stream.write(': still here\n\n')
            await services.clock.after(heartbeatMs, signal)
          }
        } catch (error) {
          if (!signal.aborted) throw error
        } finally {
          unsubscribe()
          streams -= 1
        }
      })
    },
  )
}
