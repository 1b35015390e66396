import type { OpenAPIHono } from '@hono/zod-openapi'
import { parseTrackId, type TrackId } from '@tonestead/crdt/ids'
import { ProblemError } from '@tonestead/protocol/problem'
import { playReportSchema } from '@tonestead/protocol/search'
import { describeRoute, jsonBody } from './api-route.ts'
import { audienceFor, requireDevice } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'

/** Reports of plays, which search results are ranked by. */
export const mountPlayRoutes = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  app.openapi(
    describeRoute({
      method: 'post',
      tags: ['search'],
      path: '/api/plays',
      request: jsonBody(playReportSchema),
      responses: { 204: { description: 'Counted, now or already within the last half hour' } },
    }),
    async (c) => {
      const caller = requireDevice(c)
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
