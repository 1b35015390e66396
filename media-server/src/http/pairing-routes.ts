import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  pairingAnswerRequestSchema,
  pairingMailboxSchema,
  pairingOfferRequestSchema,
  pairingParamsSchema,
} from '@tonestead/protocol/pairing'
import { ProblemError } from '@tonestead/protocol/problem'
import { describeRoute, json, jsonBody } from './api-route.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'

/** Mailboxes for pairing. Who has no account yet uses them too, so they need no proof. */
export const mountPairingRoutes = (app: OpenAPIHono<HttpEnv>, { pairings }: HttpServices): void => {
  app.openapi(
    describeRoute({
      method: 'post',
      path: '/api/pairings',
      tags: ['account'],
      request: jsonBody(pairingOfferRequestSchema),
      responses: { 204: { description: 'The offer is kept for ten minutes' } },
    }),
    (c) => {
      const kept = pairings.open({ ...c.req.valid('json'), peer: c.var.peer })
      if (kept === 'taken') throw new ProblemError('pairing-taken')
      if (kept === 'full')
        throw new ProblemError('rate-limited', 'Too many devices are being added. Wait some minutes.')
      return c.body(null, 204)
    },
  )
  app.openapi(
    describeRoute({
      method: 'get',
      path: '/api/pairings/{id}',
      tags: ['account'],
      request: { params: pairingParamsSchema },
      responses: { 200: json(pairingMailboxSchema, 'The offer, and the answer once there is one') },
    }),
    (c) => {
      const mailbox = pairings.read(c.req.valid('param').id)
      if (mailbox === undefined) throw new ProblemError('pairing-not-found')
      return c.json(mailbox, 200, { 'cache-control': 'no-store' })
    },
  )
  app.openapi(
    describeRoute({
      method: 'post',
      path: '/api/pairing-answers',
      tags: ['account'],
      request: jsonBody(pairingAnswerRequestSchema),
      responses: { 204: { description: 'The answer is kept until the mailbox expires' } },
    }),
    (c) => {
      const { id, answer } = c.req.valid('json')
      const kept = pairings.answer(id, answer)
      if (kept === 'gone') throw new ProblemError('pairing-not-found')
      if (kept === 'taken') throw new ProblemError('pairing-taken')
      return c.body(null, 204)
    },
  )
}
