import type { OpenAPIHono } from '@hono/zod-openapi'
import { parseRecordingId } from '@tonestead/crdt/ids'
import { licenseGrantSchema, licenseRequestSchema } from '@tonestead/protocol/license'
import { describeRoute, json, jsonBody } from './api-route.ts'
import { requireDevice } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'

/** A request for at most this many recordings is for playing; a larger one is for downloads. */
const maxForPlaying = 8

/** Licenses with the content keys of recordings. */
export const mountLicenseRoutes = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  app.openapi(
    describeRoute({
      method: 'post',
      path: '/api/licenses',
      tags: ['licenses'],
      request: jsonBody(licenseRequestSchema),
      responses: { 200: json(licenseGrantSchema, 'A license, and the recordings that were denied') },
    }),
    async (c) => {
      const caller = requireDevice(c)
      const { recordings } = c.req.valid('json')
      const grant = await services.issueLicense(caller, recordings)
      services.metrics.licenses.inc({ outcome: 'denied' }, grant.denied.length)
      services.metrics.licenses.inc({ outcome: 'granted' }, new Set(recordings).size - grant.denied.length)
      const granted = recordings.filter((id) => !grant.denied.includes(id))
      if (recordings.length <= maxForPlaying) await encodeSooner(services, granted)
      return c.json(grant, 200)
    },
  )
}

/** The other renditions of what is being played are encoded before those of other recordings. */
const encodeSooner = async (services: HttpServices, recordings: readonly string[]): Promise<void> => {
  for (const id of recordings) await services.sources.prefer(parseRecordingId(id))
}
