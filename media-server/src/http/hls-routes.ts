import type { OpenAPIHono } from '@hono/zod-openapi'
import { parseRecordingId } from '@tonestead/crdt/ids'
import { audienceOf } from '@tonestead/protocol/audience'
import { hlsLinkRequestSchema, hlsLinkSchema, maxHlsDurationMs } from '@tonestead/protocol/license'
import { ProblemError } from '@tonestead/protocol/problem'
import { z } from 'zod'
import { tooLongForHls } from '../licensing/hls-files.ts'
import { describeRoute, json, jsonBody } from './api-route.ts'
import { requireDevice, type DeviceCaller } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'
import { onceEnded } from './once-ended.ts'

/** A link is valid for the duration of the recording and this long after it. */
const linkGraceMs = 3_600_000

/** Links that other players can open (HLS, RFC 8216), and the files behind them. */
export const mountHlsRoutes = (app: OpenAPIHono<HttpEnv>, services: HttpServices): void => {
  app.openapi(
    describeRoute({
      method: 'post',
      path: '/api/hls-links',
      tags: ['licenses'],
      request: jsonBody(hlsLinkRequestSchema),
      responses: { 200: json(hlsLinkSchema, 'Playlists for other players') },
    }),
    async (c) => c.json(await makeHlsLink(services, requireDevice(c), c.req.valid('json').recordingId), 200) as never,
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
      const { recording, device } = services.hls.capabilities.read(capability)
      onceEnded(c.env.outgoing, services.limiter.byAccount('hls', capability))
      if ((await services.accounts.device(device)) === undefined) throw new ProblemError('capability-invalid')
      const { contentType, bytes } = await services.hls.files(recording, file)
      return c.body(bytes, 200, {
        'content-type': contentType,
        'cache-control': 'private, no-store',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      })
    },
  )
}

/** Other players get the content key itself, so private recordings need the right `play-elsewhere` as well as the right to listen. */
const makeHlsLink = async (services: HttpServices, caller: DeviceCaller, id: string) => {
  const recordingId = parseRecordingId(id)
  const audience = caller.rights.includes('play-elsewhere') ? audienceOf(caller.rights) : 'everyone'
  const recording = await services.catalog.recording(recordingId, audience)
  if (recording === undefined) throw await missingOrForbidden(services, caller, id)
  if (recording.durationMs > maxHlsDurationMs) throw tooLongForHls()
  const { capability, expiresAt } = services.hls.capabilities.make({
    recording: recordingId,
    device: caller.device,
    lifetimeMs: recording.durationMs + linkGraceMs,
  })
  const lossless = recording.heads.flac === undefined ? {} : { lossless: `/hls/${capability}/flac.m3u8` }
  return { master: `/hls/${capability}/master.m3u8`, ...lossless, expiresAt }
}

const missingOrForbidden = async (services: HttpServices, caller: DeviceCaller, id: string): Promise<ProblemError> => {
  const recording = await services.catalog.recording(parseRecordingId(id), audienceOf(caller.rights))
  return recording === undefined
    ? new ProblemError('recording-not-found')
    : new ProblemError('not-permitted', 'This account may not give recordings to other players.')
}
