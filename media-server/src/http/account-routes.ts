import { audienceOf } from '@tonestead/protocol/audience'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { parseRecordingId } from '@tonestead/crdt/ids'
import { claimRequestSchema, sessionRequestSchema, sessionSchema } from '@tonestead/protocol/auth'
import {
  hlsLinkRequestSchema,
  hlsLinkSchema,
  licenseGrantSchema,
  licenseRequestSchema,
} from '@tonestead/protocol/license'
import { ProblemError } from '@tonestead/protocol/problem'
import { z } from 'zod'
import { describeRoute, json } from './api-route.ts'
import { proofOf, requireDevice, type DeviceCaller } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'
import { createRateLimit } from './rate-limit.ts'

/** Links outlive the recording by this much. */
const hlsGraceMs = 3_600_000
/** So few at a time are asked for to be played; more are downloads. */
const maxPlayedAtOnce = 8

const body = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})
const claimedSchema = z.object({ rights: sessionSchema.shape.rights })

export const mountAccountRoutes = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  const limitSessions = createRateLimit(services.clock, { burst: 120, perSecond: 2 })
  const limitClaims = createRateLimit(services.clock, { burst: 10, perSecond: 0.1 })
  const limitLicenses = createRateLimit(services.clock, { burst: 60, perSecond: 2 })

  app.openapi(
    describeRoute({
      method: 'post',
      path: '/api/sessions',
      tags: ['account'],
      request: body(sessionRequestSchema),
      responses: { 200: json(sessionSchema, 'A session for this device') },
    }),
    async (c) => {
      limitSessions(c.var.peer)
      const session = await services.sessions.open({
        proof: proofOf(c),
        method: c.req.method,
        path: c.req.path,
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
      request: body(claimRequestSchema),
      responses: { 200: json(claimedSchema, 'This account is the administrator now') },
    }),
    async (c) => {
      limitClaims(c.var.peer)
      const caller = requireDevice(c)
      await services.claims.redeem(c.req.valid('json').code, caller.account)
      return c.json({ rights: await services.accounts.rightsOf(caller.account) }, 200) as never
    },
  )
  app.openapi(
    describeRoute({
      method: 'post',
      path: '/api/licenses',
      tags: ['licenses'],
      request: body(licenseRequestSchema),
      responses: { 200: json(licenseGrantSchema, 'A license, and what was denied') },
    }),
    async (c) => {
      const caller = requireDevice(c)
      limitLicenses(caller.device)
      const { recordings } = c.req.valid('json')
      const grant = await services.issueLicense(caller, recordings)
      services.metrics.licenses.inc({ outcome: 'denied' }, grant.denied.length)
      services.metrics.licenses.inc({ outcome: 'granted' }, new Set(recordings).size - grant.denied.length)
      if (recordings.length <= maxPlayedAtOnce)
        await preferPlayed(
          services,
          recordings.filter((id) => !grant.denied.includes(id)),
        )
      return c.json(grant, 200)
    },
  )
  app.openapi(
    describeRoute({
      method: 'post',
      path: '/api/hls-links',
      tags: ['licenses'],
      request: body(hlsLinkRequestSchema),
      responses: { 200: json(hlsLinkSchema, 'Playlists for other players') },
    }),
    async (c) => c.json(await makeHlsLink(services, requireDevice(c), c.req.valid('json').recordingId), 200) as never,
  )
}

/** Whoever plays something gets its other renditions first. */
const preferPlayed = async (services: HttpServices, recordings: readonly string[]): Promise<void> => {
  for (const id of recordings) await services.sources.prefer(parseRecordingId(id))
}

/** `play-elsewhere` adds no recordings to those that the caller may hear: it allows handing out their keys. What is public may be played anywhere. */
const makeHlsLink = async (services: HttpServices, caller: DeviceCaller, id: string) => {
  const recordingId = parseRecordingId(id)
  const audience = caller.rights.includes('play-elsewhere') ? audienceOf(caller.rights) : 'everyone'
  const recording = await services.catalog.recording(recordingId, audience)
  if (recording === undefined) throw await missingOrForbidden(services, caller, id)
  const { capability, expiresAt } = services.hls.capabilities.make(recordingId, recording.durationMs + hlsGraceMs)
  const lossless = recording.heads.flac === undefined ? {} : { lossless: `/hls/${capability}/flac.m3u8` }
  return { master: `/hls/${capability}/master.m3u8`, ...lossless, expiresAt }
}

const missingOrForbidden = async (services: HttpServices, caller: DeviceCaller, id: string): Promise<ProblemError> => {
  const isHeard = (await services.catalog.recording(parseRecordingId(id), audienceOf(caller.rights))) !== undefined
  return isHeard
    ? new ProblemError('not-permitted', 'This account may not give recordings to other players.')
    : new ProblemError('recording-not-found')
}
