import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseByteRange } from '@tonestead/protocol/byte-range'
import { problemOf, type ProblemCode } from '@tonestead/protocol/problem'
import type { BufferCache } from './buffer-cache.ts'
import { problemFrom, problemHeaders } from './problem-response.ts'
import { commonHeaders, dataHeaders } from './security-headers.ts'

// Chunks and covers: bytes that never change under their name. They are served without Hono: the framework costs more than the work itself.

export type ImmutableRoute = {
  /** The key of the cache for a path; undefined when the path is not valid. */
  readonly keyOf: (path: string) => string | undefined
  readonly contentTypeOf: (path: string) => string
  readonly cache: BufferCache
  readonly missing: ProblemCode
  readonly onSent: (status: number, sizeBytes: number) => void
  readonly onRefused: (code: ProblemCode) => void
  /** A fault while reading; the client gets the problem `internal`. */
  readonly onError: (error: unknown) => void
}

const sharedHeaders = [
  'cache-control',
  'public, max-age=31536000, immutable',
  'access-control-allow-origin',
  '*',
  'access-control-expose-headers',
  'content-range, etag',
  'cross-origin-resource-policy',
  'cross-origin',
  'accept-ranges',
  'bytes',
  ...Object.entries(commonHeaders).flat(),
]

/** Answers GET and HEAD, single ranges and revalidation. */
export const createImmutableHandler =
  (route: ImmutableRoute) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const path = pathOf(request)
    const key = route.keyOf(path)
    if (request.method === 'OPTIONS') {
      sendPreflight(response)
      return
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      route.onRefused('method-not-allowed')
      sendProblem(response, 'method-not-allowed', { allow: 'GET, HEAD, OPTIONS' })
      return
    }
    if (key === undefined) {
      route.onRefused(route.missing)
      sendProblem(response, route.missing)
      return
    }
    const cached = route.cache.peek(key)
    if (cached !== undefined) send(route, { request, response, path, bytes: cached })
    else void sendRead(route, { request, response, path, key })
  }

const pathOf = (request: IncomingMessage): string => {
  const url = request.url ?? '/'
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse; readonly path: string }

const sendRead = async (route: ImmutableRoute, exchange: Exchange & { key: string }): Promise<void> => {
  try {
    const bytes = await route.cache.get(exchange.key)
    if (bytes === undefined) {
      route.onRefused(route.missing)
      sendProblem(exchange.response, route.missing)
    } else send(route, { ...exchange, bytes })
  } catch (error) {
    route.onError(error)
    const problem = problemFrom(error)
    exchange.response.writeHead(problem.status, problemHeaders(problem)).end(JSON.stringify(problem))
  }
}

const send = (route: ImmutableRoute, { request, response, path, bytes }: Exchange & { bytes: Uint8Array }): void => {
  const name = path.slice(path.indexOf('/', 1) + 1)
  const etag = `"${name}"`
  if (request.headers['if-none-match'] !== undefined && matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304, ['etag', etag, ...sharedHeaders]).end()
    route.onSent(304, 0)
    return
  }
  const range =
    request.headers.range === undefined || isOtherVersion(request, etag)
      ? { kind: 'whole' as const }
      : parseByteRange(request.headers.range, bytes.length)
  if (range.kind === 'unsatisfiable') {
    sendProblem(response, 'range-not-satisfiable', { 'content-range': `bytes */${bytes.length}` })
    route.onSent(416, 0)
    return
  }
  const body = range.kind === 'whole' ? bytes : bytes.subarray(range.start, range.end + 1)
  const status = range.kind === 'whole' ? 200 : 206
  const partial = range.kind === 'whole' ? [] : ['content-range', `bytes ${range.start}-${range.end}/${bytes.length}`]
  response.writeHead(status, [
    'content-type',
    route.contentTypeOf(path),
    'content-length',
    String(body.length),
    'etag',
    etag,
    ...partial,
    ...sharedHeaders,
  ])
  if (request.method === 'HEAD') response.end()
  else response.end(body)
  route.onSent(status, request.method === 'HEAD' ? 0 : body.length)
}

const matches = (header: string, etag: string): boolean =>
  header === '*' || header.split(',').some((given) => given.trim().replace(/^W\//, '') === etag)

const isOtherVersion = (request: IncomingMessage, etag: string): boolean => {
  const condition = request.headers['if-range']
  return condition !== undefined && condition !== etag
}

const sendPreflight = (response: ServerResponse): void => {
  response
    .writeHead(204, {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'range, if-none-match',
      'access-control-max-age': '86400',
    })
    .end()
}

const sendProblem = (response: ServerResponse, code: ProblemCode, headers: Record<string, string> = {}): void => {
  const problem = problemOf(code)
  const own = {
    ...problemHeaders(problem),
    ...commonHeaders,
    ...dataHeaders,
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    ...headers,
  }
  response.writeHead(problem.status, own).end(JSON.stringify(problem))
}
