import type { OpenAPIHono } from '@hono/zod-openapi'
import { parseDeviceId } from '@tonestead/crdt/ids'
import { deviceListSchema } from '@tonestead/protocol/auth'
import { ProblemError } from '@tonestead/protocol/problem'
import { z } from 'zod'
import { describeRoute, json } from './api-route.ts'
import { requireDevice } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'

const deviceParams = z.object({ id: z.string().regex(/^[a-z2-7]{52}$/, 'is not a device id') })

/** The devices of the caller's account. */
export const mountDeviceRoutes = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  app.openapi(
    describeRoute({
      method: 'get',
      path: '/api/devices',
      tags: ['account'],
      responses: { 200: json(deviceListSchema, 'The devices of this account') },
    }),
    async (c) => {
      const caller = requireDevice(c)
      const items = (await services.accounts.devicesOf(caller.account)).map((known) => ({
        id: known.device,
        name: known.name,
        registeredAt: known.registeredAt,
        seenAt: known.seenAt,
        isThis: known.device === caller.device,
      }))
      return c.json({ items }, 200, { 'cache-control': 'private, no-store' })
    },
  )
  app.openapi(
    describeRoute({
      method: 'delete',
      path: '/api/devices/{id}',
      tags: ['account'],
      request: { params: deviceParams },
      responses: { 204: { description: 'The device is removed, and cannot come back' } },
    }),
    async (c) => {
      const caller = requireDevice(c)
      const id = parseDeviceId(c.req.valid('param').id)
      if (!(await services.accounts.removeDevice(id, caller.account, services.clock.now())))
        throw new ProblemError('not-found', 'No such device of this account.')
      services.openRequests.endAll(id, c.env.outgoing)
      return c.body(null, 204)
    },
  )
}
