import type { OpenAPIHono } from '@hono/zod-openapi'
import { serverInfoSchema } from '@tonestead/protocol/server-info'
import { z } from 'zod'
import { describeRoute, json } from './api-route.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'
import { readiness, readinessSchema } from './readiness.ts'

export const mountServerRoutes = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  app.openapi(
    describeRoute({
      method: 'get',
      path: '/api/server',
      tags: ['server'],
      responses: { 200: json(serverInfoSchema, 'This server') },
    }),
    async (c) => {
      c.header('cache-control', 'no-store')
      return c.json(
        { ...services.about, isClaimed: await services.accounts.isClaimed(), time: services.clock.now() },
        200,
      )
    },
  )
  app.openapi(
    describeRoute({
      method: 'get',
      path: '/hls/{capability}/{file}',
      tags: ['licenses'],
      request: { params: z.object({ capability: z.string().max(128), file: z.string().max(64) }) },
      responses: { 200: { description: 'A playlist, an init segment or the key' } },
    }),
    async (c) => {
      const { capability, file } = c.req.valid('param')
      const { contentType, bytes } = await services.hls.files(
        services.hls.capabilities.read(capability),
        file,
        c.req.raw.signal,
      )
      return c.body(bytes, 200, {
        'content-type': contentType,
        'cache-control': 'private, no-store',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      })
    },
  )
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
