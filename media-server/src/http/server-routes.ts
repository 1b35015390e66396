import type { OpenAPIHono } from '@hono/zod-openapi'
import { serverInfoSchema } from '@tonestead/protocol/server-info'
import { describeRoute, json } from './api-route.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'

/** What this server is: name, version, key, time. */
export const mountServerRoutes = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  app.openapi(
    describeRoute({
      method: 'get',
      path: '/api/server',
      tags: ['server'],
      responses: { 200: json(serverInfoSchema, 'This server') },
    }),
    async (c) => {
      const isClaimed = await services.accounts.isClaimed()
      c.header('cache-control', 'no-store')
      const relay = services.relayKey()
      const known = { ...services.about, isClaimed, time: services.clock.now() }
      return c.json({ ...known, ...(relay === undefined ? {} : { relay }) }, 200)
    },
  )
}
