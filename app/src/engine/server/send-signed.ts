import { signProof, tokenHash } from '@tonestead/protocol/auth'
import type { Clock } from '../../ports/clock.ts'
import type { DeviceIdentity } from '../../ports/device-store.ts'
import type { HttpClient, HttpReply } from '../../ports/http-client.ts'
import type { Random } from '../../ports/random.ts'
import { proofId } from '../account/create-identity.ts'
import { isFromProxy } from './read-reply.ts'
import type { KnownServer, ServerConnection } from './server-connection.ts'

/** A request to the API of the server. */
export type ApiRequest = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Without the query: the proof names this path. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly body?: unknown
  readonly priority?: 'low' | undefined
  readonly signal: AbortSignal
}

export type Offline = { readonly kind: 'offline' }

export type SigningDeps = {
  readonly http: HttpClient
  readonly server: ServerConnection
  readonly subtle: SubtleCrypto
  readonly clock: Clock
  readonly random: Random
  readonly identity: DeviceIdentity
}

export const serverNow = (clock: Clock, known: KnownServer): number => clock.now() + known.offsetMs

type Signing<Request> = {
  readonly known: KnownServer
  readonly request: Request
  /** undefined: the request opens a session. */
  readonly token: string | undefined
}

/** The headers that sign one request (RFC 9449, DPoP). */
export const signHeaders = async (
  deps: SigningDeps,
  { known, request, token }: Signing<{ readonly method: string; readonly path: string }>,
): Promise<Readonly<Record<string, string>>> => {
  const ath = token === undefined ? {} : { ath: await tokenHash(deps.subtle, token) }
  const dpop = await signProof(deps.identity.signing, {
    jti: proofId(deps.random),
    htm: request.method,
    htu: request.path,
    // By the clock of the server, however wrong the clock of the device is.
    iat: Math.floor(serverNow(deps.clock, known) / 1000),
    aud: known.id,
    ...ath,
  })
  return { dpop, ...(token === undefined ? {} : { authorization: `DPoP ${token}` }) }
}

/** Signs and sends one request, and reports whether the server answered. */
export const sendSigned = async (
  deps: SigningDeps,
  { known, request, token }: Signing<ApiRequest>,
): Promise<HttpReply | Offline> => {
  const headers = {
    ...(await signHeaders(deps, { known, request, token })),
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const query = request.query === undefined ? '' : `?${new URLSearchParams(request.query)}`
  const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) }
  const { method, path, priority, signal } = request
  const reply = await deps.http.send({ method, path: path + query, headers, ...body, priority, signal })
  deps.server.report(reply.kind === 'reply' && !isFromProxy(reply))
  return reply.kind === 'reply' ? reply : { kind: 'offline' }
}
