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
import type { CatalogStore, PublishedRecording } from '../ports/catalog-store.ts'
import { describeRoute, idParams, json } from './api-route.ts'
import { audienceFor } from './authenticate.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'

const tags = ['catalog']
const list = { method: 'get', tags, request: { query: listQuerySchema } } as const
const item = { method: 'get', tags, request: { params: idParams } } as const

/** Reads of the catalog: lists, single items, manifests and the change feed. */
export const mountCatalogRoutes = (
  app: OpenAPIHono<HttpEnv>,
  { catalog, sources }: Pick<HttpServices, 'catalog' | 'sources'>,
): void => {
  mountLists(app, catalog)
  mountItems(app, catalog)
  mountManifest(app, { catalog, sources })
}

const mountLists = (app: OpenAPIHono<HttpEnv>, catalog: CatalogStore): void => {
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
      const items = await catalog.tracksById(ids.flatMap(validTrackId), audienceFor(c))
      return send(c, { items, total: items.length })
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

const mountItems = (app: OpenAPIHono<HttpEnv>, catalog: CatalogStore): void => {
  app.openapi(
    describeRoute({
      ...item,
      path: '/api/releases/{id}',
      responses: { 200: json(releaseSchema, 'A release with its tracks') },
    }),
    async (c) => {
      const id = parseOrThrow(parseReleaseId, c.req.valid('param').id, 'release-not-found')
      return send(c, await catalog.release(id, audienceFor(c)), 'release-not-found')
    },
  )
  app.openapi(
    describeRoute({
      ...item,
      path: '/api/artists/{id}',
      responses: { 200: json(artistSchema, 'An artist with releases and tracks') },
    }),
    async (c) => {
      const id = parseOrThrow(parseArtistId, c.req.valid('param').id, 'artist-not-found')
      return send(c, await catalog.artist(id, audienceFor(c)), 'artist-not-found')
    },
  )
  app.openapi(
    describeRoute({ ...item, path: '/api/tracks/{id}', responses: { 200: json(trackSchema, 'A track') } }),
    async (c) => {
      const id = parseOrThrow(parseTrackId, c.req.valid('param').id, 'track-not-found')
      return send(c, await catalog.track(id, audienceFor(c)), 'track-not-found')
    },
  )
}

const mountManifest = (
  app: OpenAPIHono<HttpEnv>,
  { catalog, sources }: Pick<HttpServices, 'catalog' | 'sources'>,
): void => {
  app.openapi(
    describeRoute({
      ...item,
      path: '/api/recordings/{id}/manifest',
      responses: { 200: json(recordingManifestSchema, 'Signed manifest heads') },
    }),
    async (c) => {
      const id = parseOrThrow(parseRecordingId, c.req.valid('param').id, 'recording-not-found')
      const recording = await catalog.recording(id, audienceFor(c))
      if (recording === undefined) throw new ProblemError('recording-not-found')
      await sources.prefer(recording.id)
      return send(c, manifestOf(recording))
    },
  )
}

/** The response depends on the caller, so shared caches must not store it. */
const send = (c: Context<HttpEnv>, value: object | undefined, missing: ProblemCode = 'not-found') => {
  if (value === undefined) throw new ProblemError(missing)
  c.header('cache-control', 'private, no-cache')
  return c.json(value, 200) as never
}

const parseOrThrow = <T>(parse: (text: string) => T, text: string, missing: ProblemCode): T => {
  try {
    return parse(text)
  } catch (error) {
    throw new ProblemError(missing, undefined, { cause: error })
  }
}

/** An empty list for text that is no track id: it is treated like the id of a track that does not exist. */
const validTrackId = (id: string): TrackId[] => {
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
