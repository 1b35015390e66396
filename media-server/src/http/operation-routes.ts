import type { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { describeRoute, json } from './api-route.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'
import { readiness, readinessSchema } from './readiness.ts'

/** Health checks and metrics for the operator. */
export const mountOperationRoutes = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  app.openapi(
    describeRoute({
      method: 'get',
      path: '/livez',
      tags: ['operation'],
      responses: { 200: json(z.object({ status: z.literal('alive') }), 'The process answers') },
    }),
    (c) => c.json({ status: 'alive' as const }, 200) as never,
  )
  app.openapi(
    describeRoute({
      method: 'get',
      path: '/readyz',
      tags: ['operation'],
      responses: { 200: json(readinessSchema, 'Ready'), 503: json(readinessSchema, 'Not ready') },
    }),
    async (c) => {
      const state = await readiness(services)
      return c.json(state, state.status === 'ready' ? 200 : 503, { 'cache-control': 'no-store' })
    },
  )
  app.openapi(
    describeRoute({
      method: 'get',
      path: '/metrics',
      tags: ['operation'],
      responses: { 200: { description: 'Prometheus text' } },
    }),
    async (c) => c.body(await services.metrics.text(), 200, { 'content-type': services.metrics.contentType }),
  )
}
