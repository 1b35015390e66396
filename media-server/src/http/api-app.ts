import { randomBytes } from 'node:crypto'
import { OpenAPIHono } from '@hono/zod-openapi'
import { maxRecordingsPerLicense } from '@tonestead/protocol/license'
import { ProblemError } from '@tonestead/protocol/problem'
import { routes } from '@tonestead/protocol/routes'
import type { MiddlewareHandler } from 'hono'
import { compress } from 'hono/compress'
import { z } from 'zod'
import { pairingBodyBytes } from '../accounts/pairings.ts'
import { mountAccountRoutes } from './account-routes.ts'
import { mountApiDescription } from './api-description.ts'
import { describeRoute, idParams } from './api-route.ts'
import { identifyCaller } from './authenticate.ts'
import { mountCatalogRoutes } from './catalog-routes.ts'
import { mountDeviceRoutes } from './device-routes.ts'
import type { HttpEnv, HttpServices } from './http-services.ts'
import { mountHlsRoutes } from './hls-routes.ts'
import { mountIngestRoutes } from './ingest-routes.ts'
import { mountLicenseRoutes } from './license-routes.ts'
import { limitClassOf } from './limits.ts'
import { mountOperationRoutes } from './operation-routes.ts'
import { mountPlayRoutes } from './play-routes.ts'
import { peerOf } from './peer-address.ts'
import { codeOf, problemFrom, problemResponse } from './problem-response.ts'
import { refusalReasonOf } from './request-limiter.ts'
import { commonHeaders, dataHeaders } from './security-headers.ts'
import { mountPairingRoutes } from './pairing-routes.ts'
import { mountRelayRoutes } from './relay-routes.ts'
import { mountSearchRoutes } from './search-routes.ts'
import { mountServerRoutes } from './server-routes.ts'
import { mountUploadRoutes } from './upload-routes.ts'

const maxBodyBytes = 64 * 1024
/** A recording id in JSON takes 29 bytes. */
const maxLicenseBodyBytes = 1024 + 30 * maxRecordingsPerLicense
/** A device log of about two hundred entries. */
const maxSessionBodyBytes = 256 * 1024
const maxBytesByPath: Readonly<Record<string, number>> = {
  '/api/licenses': maxLicenseBodyBytes,
  '/api/sessions': maxSessionBodyBytes,
  ...pairingBodyBytes,
}

export const createApiApp = (services: HttpServices): OpenAPIHono<HttpEnv> => {
  const app = new OpenAPIHono<HttpEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(result.error)
    },
  })
  app.use(observe(services))
  // A release with its manifest heads is loaded before playback starts: gzip makes it a third smaller.
  app.use('/api/*', compress({ contentTypeFilter: /^application\/(problem\+)?json/ }))
  app.use('/api/*', limitBody)
  app.use('/api/*', requireJson)
  for (const path of devicePaths()) app.use(path, identifyCaller(services))
  const mounts = [
    mountServerRoutes,
    mountOperationRoutes,
    mountCatalogRoutes,
    mountSearchRoutes,
    mountPlayRoutes,
    mountAccountRoutes,
    mountDeviceRoutes,
    mountPairingRoutes,
    mountRelayRoutes,
    mountLicenseRoutes,
    mountHlsRoutes,
    mountIngestRoutes,
    mountUploadRoutes,
  ]
  for (const mount of mounts) mount(app, services)
  app.openAPIRegistry.registerComponent('securitySchemes', 'dpop', {
    type: 'http',
    scheme: 'DPoP',
    description: 'Access token, and a proof in the header DPoP',
  })
  describeRawRoutes(app)
  mountApiDescription(app, services.about.version)
  app.notFound((c) => {
    const problem = problemFrom(wrongMethodOrPath(c.req.path), c.var.requestId)
    services.metrics.refused.inc({ reason: problem.code, class: limitClassOf(c.req.path) })
    return problemResponse(problem)
  })
  app.onError((error, c) => {
    const reason = refusalReasonOf(error, codeOf(error) ?? 'internal')
    services.metrics.refused.inc({ reason, class: limitClassOf(c.req.path) })
    if (codeOf(error) === undefined)
      services.logger.error({ err: error, requestId: c.var.requestId, method: c.req.method }, 'a request failed')
    return problemResponse(problemFrom(error, c.var.requestId))
  })
  return app
}

/** Routes that are answered outside of this app, described like its own. */
const describeRawRoutes = (app: OpenAPIHono<HttpEnv>): void => {
  const bytes = (description: string) => ({
    200: { description },
    206: { description: 'A range of the bytes' },
    304: { description: 'Unchanged: the bytes never change' },
  })
  app.openAPIRegistry.registerPath(
    describeRoute({
      method: 'get',
      path: '/chunks/{id}',
      tags: ['files'],
      request: { params: idParams },
      responses: bytes('A chunk, manifest tail or waveform'),
    }),
  )
  app.openAPIRegistry.registerPath(
    describeRoute({
      method: 'get',
      path: '/covers/{id}/{file}',
      tags: ['files'],
      request: { params: idParams.extend({ file: z.string() }) },
      responses: bytes('A cover, `<size>.<format>`'),
    }),
  )
  app.openAPIRegistry.registerPath(
    describeRoute({
      method: 'get',
      path: '/api/openapi.json',
      tags: ['server'],
      responses: { 200: { description: 'This description' } },
    }),
  )
}

/** Tokens are checked only on routes with the access class device. A session is requested with a proof alone, without a token. */
const devicePaths = (): string[] => [
  ...new Set(routes.filter((route) => route.access === 'device').map((route) => honoPath(route.path))),
]

const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

const observe =
  ({ metrics, publicUrl }: HttpServices): MiddlewareHandler<HttpEnv> =>
  async (c, next) => {
    c.set('requestId', randomBytes(9).toString('base64url'))
    c.set('caller', { kind: 'visitor' })
    c.set('peer', peerOf(c.env.incoming, publicUrl !== undefined))
    const stop = metrics.duration.startTimer()
    metrics.inFlight.inc()
    try {
      await next()
    } finally {
      metrics.inFlight.dec()
      stop({ route: patternOf(c.req.method, c.req.path), code: String(c.res.status) })
    }
    for (const [name, value] of Object.entries({ ...dataHeaders, ...commonHeaders }))
      if (!c.res.headers.has(name)) c.res.headers.set(name, value)
    c.res.headers.set('x-request-id', c.var.requestId)
  }

const patterns = routes.map((route) => ({
  ...route,
  matches: new RegExp(`^${route.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}))
const patternOf = (method: string, path: string): string =>
  patterns.find((route) => route.matches.test(path) && (route.method === method || method === 'HEAD'))?.path ?? 'none'

const wrongMethodOrPath = (path: string): ProblemError =>
  new ProblemError(patterns.some((route) => route.matches.test(path)) ? 'method-not-allowed' : 'not-found')

/** Node's parser reads no more than the announced length, so checking Content-Length is enough. */
const limitBody: MiddlewareHandler = async (c, next) => {
  const maxBytes = maxBytesByPath[c.req.path] ?? maxBodyBytes
  if (c.req.header('transfer-encoding') !== undefined)
    throw new ProblemError('invalid-request', 'The header Content-Length is missing.')
  if (Number(c.req.header('content-length') ?? 0) > maxBytes)
    throw new ProblemError('body-too-large', `At most ${maxBytes} bytes.`)
  await next()
}

const requireJson: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('content-type')
  const hasBody = Number(c.req.header('content-length') ?? 0) > 0
  if (c.req.method !== 'GET' && hasBody && !/^application\/json\s*(;|$)/i.test(type ?? ''))
    throw new ProblemError('media-type-unsupported', 'The body must be application/json.')
  await next()
}

const invalidRequest = (error: z.core.$ZodError): ProblemError => {
  const [first] = error.issues
  return new ProblemError(
    'invalid-request',
    first === undefined ? undefined : `${first.path.join('.') || 'the body'}: ${first.message}`,
  )
}
