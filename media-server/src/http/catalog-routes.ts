import type { OpenAPIHono } from '@hono/zod-openapi'
import { parseArtistId, parseRecordingId, parseReleaseId, parseTrackId, type TrackId } from '@tonestead/crdt/ids'
import { toBase64Url } from '@tonestead/protocol/bytes'
import {
  artistPageSchema,
  artistSchema,
  changePageSchema,
  changeQuerySchema,
  listQuerySchema,
  recordingManifestSchema,
  releasePageSchema,
  releaseSchema,
  trackListQuerySchema,
  trackPageSchema,
  trackSchema,
} from '@tonestead/protocol/catalog'
import { ProblemError, type ProblemCode } from '@tonestead/protocol/problem'
import type { Context } from 'hono'
import type { PublishedRecording } from '../ports/catalog-store.ts'
import { describeRoute, idParams, json } from './api-route.ts'
import { audienceFor } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'

const tags = ['catalog']
const list = { method: 'get', tags, request: { query: listQuerySchema } } as const
const item = { method: 'get', tags, request: { params: idParams } } as const

export const mountCatalogRoutes = (
  app: OpenAPIHono<HttpEnv>,
  { catalog, sources }: Pick<HttpServices, 'catalog' | 'sources'>,
): void => {
  app.openapi(
    describeRoute({ ...list, path: '/api/releases', responses: { 200: json(releasePageSchema, 'Releases') } }),
    async (c) => send(c, await catalog.releases(c.req.valid('query'), audienceFor(c))),
  )
  app.openapi(
    describeRoute({ ...list, path: '/api/artists', responses: { 200: json(artistPageSchema, 'Artists') } }),
    async (c) => send(c, await catalog.artists(c.req.valid('query'), audienceFor(c))),
  )
  app.openapi(
    describeRoute({
      method: 'get',
      tags,
      path: '/api/tracks',
      request: { query: trackListQuerySchema },
      responses: { 200: json(trackPageSchema, 'Tracks') },
    }),
    async (c) => {
      const { ids, ...query } = c.req.valid('query')
      if (ids === undefined) return send(c, await catalog.tracks(query, audienceFor(c)))
      const items = await catalog.tracksById(ids.flatMap(knownForm), audienceFor(c))
      return send(c, { items, total: items.length })
    },
  )
  app.openapi(
    describeRoute({
      ...item,
      path: '/api/releases/{id}',
      responses: { 200: json(releaseSchema, 'A release with its tracks') },
    }),
    async (c) =>
      send(
        c,
        await catalog.release(parsed(parseReleaseId, c.req.valid('param').id, 'release-not-found'), audienceFor(c)),
        'release-not-found',
      ),
  )
  app.openapi(
    describeRoute({
      ...item,
      path: '/api/artists/{id}',
      responses: { 200: json(artistSchema, 'An artist with releases and tracks') },
    }),
    async (c) =>
      send(
        c,
        await catalog.artist(parsed(parseArtistId, c.req.valid('param').id, 'artist-not-found'), audienceFor(c)),
        'artist-not-found',
      ),
  )
  app.openapi(
    describeRoute({ ...item, path: '/api/tracks/{id}', responses: { 200: json(trackSchema, 'A track') } }),
    async (c) =>
      send(
        c,
        await catalog.track(parsed(parseTrackId, c.req.valid('param').id, 'track-not-found'), audienceFor(c)),
        'track-not-found',
      ),
  )
  app.openapi(
    describeRoute({
      ...item,
      path: '/api/recordings/{id}/manifest',
      responses: { 200: json(recordingManifestSchema, 'Signed manifest heads') },
    }),
    async (c) => {
      const recording = await catalog.recording(
        parsed(parseRecordingId, c.req.valid('param').id, 'recording-not-found'),
        audienceFor(c),
      )
      if (recording === undefined) throw new ProblemError('recording-not-found')
      await sources.prefer(recording.id)
      return send(c, manifestOf(recording))
    },
  )
  app.openapi(
    describeRoute({
      method: 'get',
      tags,
      path: '/api/changes',
      request: { query: changeQuerySchema },
      responses: { 200: json(changePageSchema, 'Changes after a number, in the order of their commits') },
    }),
    async (c) => send(c, await catalog.changes(c.req.valid('query'), audienceFor(c))),
  )
}

/** What may be seen depends on who asks, so no shared cache keeps it. */
const send = (c: Context<HttpEnv>, value: object | undefined, missing: ProblemCode = 'not-found') => {
  if (value === undefined) throw new ProblemError(missing)
  c.header('cache-control', 'private, no-cache')
  return c.json(value, 200) as never
}

const parsed = <T>(parse: (text: string) => T, text: string, missing: ProblemCode): T => {
  try {
    return parse(text)
  } catch (error) {
    throw new ProblemError(missing, undefined, { cause: error })
  }
}

/** What cannot be an id is not there, like an id of nothing. */
const knownForm = (id: string): TrackId[] => {
  try {
    return [parseTrackId(id)]
  } catch {
    return []
  }
}

const manifestOf = (recording: PublishedRecording) => ({
  recordingId: recording.id,
  keyVersion: recording.keyVersion,
  durationMs: recording.durationMs,
  heads: {
    aac: toBase64Url(recording.heads.aac),
    ...(recording.heads.flac === undefined ? {} : { flac: toBase64Url(recording.heads.flac) }),
  },
})
