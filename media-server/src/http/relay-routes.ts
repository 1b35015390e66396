import type { OpenAPIHono } from '@hono/zod-openapi'
import { ProblemError } from '@tonestead/protocol/problem'
import { relayPassAnswerSchema, relayPassRequestSchema } from '@tonestead/protocol/relay-pass'
import { describeRoute, json, jsonBody } from './api-route.ts'
import { requireDevice } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'

/** Passes for relays, and the address of the relay beside this server for requests that are no WebSocket. */
export const mountRelayRoutes = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  app.openapi(
    describeRoute({
      method: 'post',
      path: '/api/relay-passes',
      tags: ['account'],
      request: jsonBody(relayPassRequestSchema),
      responses: { 200: json(relayPassAnswerSchema, 'A pass for the relay, which remembers the account') },
    }),
    async (c) => {
      const caller = requireDevice(c)
      // Anybody may open a session; only whom this server gave a right is known to it.
      if (caller.rights.length === 0) throw new ProblemError('not-permitted')
      const answer = await services.signRelayPass(caller, c.req.valid('json').relay)
      return c.json(answer, 200, { 'cache-control': 'no-store' })
    },
  )
  app.openapi(
    describeRoute({
      method: 'get',
      path: '/sync',
      tags: ['account'],
      responses: {
        101: { description: 'The WebSocket of the relay' },
        426: { description: 'This address is a WebSocket' },
      },
    }),
    (c) => c.body(null, 426, { upgrade: 'websocket' }),
  )
}
