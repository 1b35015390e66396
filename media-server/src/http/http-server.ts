import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { parseChunkId } from '@tonestead/crdt/ids'
import { coverFormats, coverSizes } from '@tonestead/protocol/catalog'
import { ProblemError, problemOf, type ProblemCode } from '@tonestead/protocol/problem'
import { createApiApp } from './api-app.ts'
import { serveShell } from './app-shell.ts'
import { createHostCheck } from './host-check.ts'
import type { HttpServices } from './http-services.ts'
import { limitClassOf } from './limits.ts'
import { onceEnded } from './once-ended.ts'
import { isFromProxy, peerKeyOf, peerOf } from './peer-address.ts'
import { codeOf, problemFrom, problemHeaders } from './problem-response.ts'
import { refusalReasonOf } from './request-limiter.ts'
import { checkRequestTarget, checkSingleHost } from './request-target.ts'
import { isSyncRequest, passSyncOn } from './sync-upgrade.ts'
import { createChunkHandler, createCoverHandler } from './public-files.ts'
import { commonHeaders, dataHeaders } from './security-headers.ts'

const maxUrlLength = 4096
/** Only the relay's WebSocket is an upgrade. Without this, Java's HTTP client, which offers HTTP/2 with each request, would get no answer. Since Node 24.9. */
const shouldUpgradeCallback = (request: IncomingMessage): boolean => isSyncRequest(request)
const limits = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5000,
  shouldUpgradeCallback,
}

export type TlsFiles = { readonly cert: Uint8Array; readonly key: Uint8Array }

/** One server for everything: chunks and covers by our own handlers, the app's files, and the API by Hono. */
export const createHttpServer = (services: HttpServices, tls: TlsFiles | undefined): Server => {
  const handle = createRequestHandler(services)
  const server =
    tls === undefined
      ? createServer(limits, handle)
      : createTlsServer({ ...limits, cert: Buffer.from(tls.cert), key: Buffer.from(tls.key) }, handle)
  limitConnections(server, services)
  passSyncOn(server, services, createUpgradeAdmission(services))
  server.on('clientError', (error: Error & { code?: string }, socket: Socket) => {
    const code = refuseRawRequest(error, socket)
    if (code !== undefined) services.metrics.refused.inc({ reason: code, class: 'connection' })
  })
  return server
}

const createRequestHandler = (services: HttpServices) => {
  const onError = (error: unknown): void => {
    services.logger.error({ err: error }, 'a chunk or cover could not be sent')
  }
  const chunks = createChunkHandler({ objects: services.objects, metrics: services.metrics, onError })
  const covers = createCoverHandler({
    read: ({ id, size, format }) =>
      services.covers.get({
        id: parseChunkId(id),
        size: coverSizes.find((known) => known === size) ?? 96,
        format: coverFormats.find((known) => known === format) ?? 'jpg',
      }),
    metrics: services.metrics,
    onError,
  })
  const api = getRequestListener(createApiApp(services).fetch, { overrideGlobalObjects: false })
  const admit = createAdmission(services)
  return (request: IncomingMessage, response: ServerResponse): void => {
    const url = request.url ?? '/'
    if (!admit(request, response)) return
    if (url.startsWith('/chunks/')) chunks(request, response)
    else if (url.startsWith('/covers/')) covers(request, response)
    else if (!serveShell(services.shell, request, response)) void api(request, response)
  }
}

/** Checks what can be checked before a request is read further: the limits of its peer first, then its target and its hosts. Answers a refusal itself. */
const createAdmission = (services: HttpServices) => {
  const { limiter, metrics, publicUrl, logger } = services
  const check = createCheck(services)
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = request.url ?? '/'
    const limitClass = limitClassOf(url.split('?', 1)[0] ?? url)
    try {
      onceEnded(response, limiter.byPeer(limitClass, peerOf(request, publicUrl !== undefined)))
      check(request, url)
      return true
    } catch (error) {
      const code = codeOf(error)
      if (code === undefined) logger.error({ err: error }, 'a request could not be checked')
      metrics.refused.inc({ reason: refusalReasonOf(error, code ?? 'internal'), class: limitClass })
      sendFault(response, error)
      return false
    }
  }
}

/** The same for an upgrade, which has no response object. Returns what ends its place among the peer's connections. Throws a ProblemError. */
const createUpgradeAdmission = ({ limiter, publicUrl, ...services }: HttpServices) => {
  const check = createCheck({ publicUrl })
  return (request: IncomingMessage): (() => void) => {
    const leave = limiter.byPeer('sync', peerOf(request, publicUrl !== undefined))
    try {
      check(request, request.url ?? '/')
      return leave
    } catch (error) {
      leave()
      services.metrics.refused.inc({ reason: refusalReasonOf(error, codeOf(error) ?? 'internal'), class: 'sync' })
      throw error
    }
  }
}

const createCheck = ({ publicUrl }: Pick<HttpServices, 'publicUrl'>) => {
  const checkHost = createHostCheck(publicUrl)
  return (request: IncomingMessage, url: string): void => {
    if (url.length > maxUrlLength) throw new ProblemError('url-too-long', `At most ${maxUrlLength} characters.`)
    checkRequestTarget(url)
    checkSingleHost(request.rawHeaders)
    const isShared = url.startsWith('/chunks/') || url.startsWith('/covers/') || url.startsWith('/hls/')
    checkHost({ host: request.headers.host, origin: isShared ? undefined : request.headers.origin })
  }
}

/** One peer may not open so many connections that the system has none left for others. */
const limitConnections = (server: Server, { limiter, metrics, publicUrl }: HttpServices): void => {
  server.on('connection', (socket: Socket) => {
    if (isFromProxy(socket.remoteAddress, publicUrl !== undefined)) return
    const leave = limiter.connection(peerKeyOf(socket.remoteAddress ?? '') ?? 'unknown')
    if (leave !== false) {
      socket.once('close', leave)
      return
    }
    metrics.refused.inc({ reason: 'connections', class: 'connection' })
    socket.destroy()
  })
}

const sendFault = (response: ServerResponse, error: unknown): void => {
  const problem = problemFrom(error)
  response
    .writeHead(problem.status, { ...problemHeaders(problem), ...commonHeaders, ...dataHeaders, connection: 'close' })
    .end(JSON.stringify(problem))
}

/** Answers a request that Node's parser refused: there is no response object, so the answer is written to the socket. Returns its code; undefined without an answer. */
const refuseRawRequest = (error: Error & { code?: string }, socket: Socket): ProblemCode | undefined => {
  // A connection that the browser opened in advance and never used: it would take an answer here for that of a later request.
  if (!socket.writable || error.code === 'ECONNRESET' || error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    socket.destroy()
    return undefined
  }
  const code: ProblemCode = error.code === 'HPE_HEADER_OVERFLOW' ? 'headers-too-large' : 'invalid-request'
  const problem = problemOf(code)
  const body = JSON.stringify(problem)
  socket.end(
    `HTTP/1.1 ${problem.status} Refused\r\nconnection: close\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  return code
}
