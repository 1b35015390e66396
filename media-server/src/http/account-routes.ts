import type { OpenAPIHono } from '@hono/zod-openapi'
import { claimRequestSchema, sessionRequestSchema, sessionSchema } from '@tonestead/protocol/auth'
import { z } from 'zod'
import { describeRoute, json, jsonBody } from './api-route.ts'
import { proofOf, requireDevice } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'

const claimedSchema = z.object({ rights: sessionSchema.shape.rights })

/** Sessions of devices, and the claim of the administrator's rights. */
export const mountAccountRoutes = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  app.openapi(
    describeRoute({
      method: 'post',
      path: '/api/sessions',
      tags: ['account'],
      request: jsonBody(sessionRequestSchema),
      responses: { 200: json(sessionSchema, 'A session for this device') },
    }),
    async (c) => {
      const session = await services.sessions.open({
        proof: proofOf(c),
        method: c.req.method,
        path: c.req.path,
        peer: c.var.peer,
        deviceLog: c.req.valid('json').deviceLog,
      })
      return c.json(session, 200)
    },
  )
  app.openapi(
    describeRoute({
      method: 'post',
      path: '/api/claims',
      tags: ['account'],
      request: jsonBody(claimRequestSchema),
      responses: { 200: json(claimedSchema, 'This account is the administrator now') },
    }),
    async (c) => {
      const caller = requireDevice(c)
      await services.claims.redeem(c.req.valid('json').code, caller.account)
      return c.json({ rights: await services.accounts.rightsOf(caller.account) }, 200) as never
    },
  )
}
