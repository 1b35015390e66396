import type { Bytes } from '@tonestead/protocol/bytes'
import { sessionSchema, signProof, tokenHash, type Session } from '@tonestead/protocol/auth'
import type { z } from 'zod'
import type { Clock } from '../../ports/clock.ts'
import type { DeviceIdentity } from '../../ports/device-store.ts'
import type { HttpClient, HttpReply } from '../../ports/http-client.ts'
import type { Random } from '../../ports/random.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import { readProblem } from './read-problem.ts'
import { createCell } from '../cell.ts'
import type { Answer } from './answer.ts'
import type { Readable } from '../readable.ts'
import { proofId } from '../account/create-identity.ts'
import type { KnownServer, ServerConnection } from './server-connection.ts'

export type ApiRequest = {
  readonly method: 'GET' | 'POST'
  /** Without the query: this is what is signed for. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly body?: unknown
  readonly priority?: 'low' | undefined
  readonly signal: AbortSignal
}

/** Requests signed by this device. */
export type SignedClient = {
  readonly session: Readable<Session | undefined>
  /** Opens a session, or says why there is none. */
  connect(signal: AbortSignal): Promise<Answer<Session>>
  request<T>(request: ApiRequest, schema: z.ZodType<T>): Promise<Answer<T>>
  /** The headers that sign a request which somebody else sends: for that method and path, once. */
  sign(request: {
    readonly method: string
    readonly path: string
    readonly signal: AbortSignal
  }): Promise<Answer<Readonly<Record<string, string>>>>
  /** The body as it is, for what is no JSON. */
  download(request: ApiRequest): Promise<Answer<Bytes>>
  /** Lines of an event stream until it ends or the signal aborts. */
  stream(request: ApiRequest): Promise<Answer<AsyncIterable<string>>>
}

type Deps = {
  readonly http: HttpClient
  readonly server: ServerConnection
  readonly values: ValueStore
  readonly subtle: SubtleCrypto
  readonly clock: Clock
  readonly random: Random
  readonly identity: DeviceIdentity
}

const valueName = 'session'
/** A token is renewed this long before it ends, so that no request meets its end on the way. */
const renewEarlyMs = 60_000
const retryable = new Set(['token-expired', 'proof-required', 'proof-invalid', 'clock-skewed', 'proof-replayed'])

type Offline = { readonly kind: 'offline' }
type Credentials = { readonly server: KnownServer; readonly session: Session }

export const createSignedClient = (deps: Deps): SignedClient => {
  const { server } = deps
  const send = (known: KnownServer, request: ApiRequest, token: string | undefined): Promise<HttpReply | Offline> =>
    sendProven(deps, { known, request, token })
  const session = createCell<Session | undefined>(undefined)
  let opening: Promise<Answer<Session>> | undefined

  const open = async (signal: AbortSignal): Promise<Answer<Session>> => {
    const known = await server.known(signal)
    if (known === undefined) return { kind: 'offline' }
    const request: ApiRequest = {
      method: 'POST',
      path: '/api/sessions',
      body: { deviceLog: deps.identity.deviceLog },
      signal,
    }
    const reply = await again(await send(known, request, undefined), async () =>
      send((await server.refresh(signal)) ?? known, request, undefined),
    )
    const answer = await readAnswer(reply, sessionSchema)
    if (answer.kind === 'ready') {
      session.set(answer.value)
      void deps.values.put(valueName, { server: known.id, session: answer.value }).catch(() => undefined)
    }
    return answer
  }

  const connect = (signal: AbortSignal): Promise<Answer<Session>> => {
    // Shared by all who wait, so no single one of them may cancel it.
    opening ??= open(AbortSignal.timeout(30_000)).finally(() => (opening = undefined))
    return abortable(opening, signal)
  }

  const credentials = async (signal: AbortSignal): Promise<Answer<Credentials>> => {
    const known = await server.known(signal)
    if (known === undefined) return { kind: 'offline' }
    const held = session.get() ?? (await restore(deps.values, known))
    if (held !== undefined && held.expiresAt - renewEarlyMs > serverNow(deps.clock, known)) {
      if (session.get() === undefined) session.set(held)
      return { kind: 'ready', value: { server: known, session: held } }
    }
    const opened = await connect(signal)
    return opened.kind === 'ready'
      ? { kind: 'ready', value: { server: server.server.get() ?? known, session: opened.value } }
      : opened
  }

  const sendSigned = async (request: ApiRequest): Promise<Answer<HttpReply>> => {
    const granted = await credentials(request.signal)
    if (granted.kind !== 'ready') return granted
    const reply = await again(await send(granted.value.server, request, granted.value.session.token), async () => {
      session.set(undefined)
      await deps.values.put(valueName, undefined).catch(() => undefined)
      const fresh = await credentials(request.signal)
      return fresh.kind === 'ready' ? send(fresh.value.server, request, fresh.value.session.token) : { kind: 'offline' }
    })
    return reply.kind === 'offline' ? reply : { kind: 'ready', value: reply }
  }

  return {
    session,
    connect,
    request: (request, schema) => withReply(sendSigned(request), (reply) => readAnswer(reply, schema)),
    sign: async (request) => {
      const granted = await credentials(request.signal)
      return granted.kind === 'ready'
        ? {
            kind: 'ready',
            value: await prove(deps, { known: granted.value.server, request, token: granted.value.session.token }),
          }
        : granted
    },
    download: (request) => withReply(sendSigned(request), (reply) => bytesOf(reply, request.signal)),
    stream: (request) => withReply(sendSigned(request), linesOf),
  }
}

const withReply = async <T>(
  sending: Promise<Answer<HttpReply>>,
  read: (reply: HttpReply) => Promise<Answer<T>>,
): Promise<Answer<T>> => {
  const sent = await sending
  return sent.kind === 'ready' ? read(sent.value) : sent
}

/** A line that breaks on the way is no server. */
const bytesOf = async (reply: HttpReply, signal: AbortSignal): Promise<Answer<Bytes>> => {
  if (isAway(reply)) return { kind: 'offline' }
  if (reply.status !== 200) return readProblem(reply)
  const bytes = await reply.bytes().catch(() => undefined)
  signal.throwIfAborted()
  return bytes === undefined ? { kind: 'offline' } : { kind: 'ready', value: bytes }
}

const linesOf = async (reply: HttpReply): Promise<Answer<AsyncIterable<string>>> =>
  reply.status === 200 ? { kind: 'ready', value: reply.lines() } : readProblem(reply)

const serverNow = (clock: Clock, known: KnownServer): number => clock.now() + known.offsetMs

type Proving = {
  readonly known: KnownServer
  readonly request: { readonly method: string; readonly path: string }
  readonly token: string | undefined
}

const prove = async (deps: Deps, { known, request, token }: Proving): Promise<Readonly<Record<string, string>>> => {
  const ath = token === undefined ? {} : { ath: await tokenHash(deps.subtle, token) }
  const iat = Math.floor(serverNow(deps.clock, known) / 1000)
  const dpop = await signProof(deps.identity.signing, {
    jti: proofId(deps.random),
    htm: request.method,
    htu: request.path,
    iat,
    aud: known.id,
    ...ath,
  })
  return { dpop, ...(token === undefined ? {} : { authorization: `DPoP ${token}` }) }
}

const sendProven = async (
  deps: Deps,
  { known, request, token }: { known: KnownServer; request: ApiRequest; token: string | undefined },
): Promise<HttpReply | Offline> => {
  const headers = {
    ...(await prove(deps, { known, request, token })),
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const query = request.query === undefined ? '' : `?${new URLSearchParams(request.query)}`
  const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) }
  const reply = await deps.http.send({
    method: request.method,
    path: request.path + query,
    headers,
    ...body,
    priority: request.priority,
    signal: request.signal,
  })
  deps.server.report(reply.kind === 'reply' && (!isAway(reply) || isProblem(reply)))
  return reply.kind === 'reply' ? reply : { kind: 'offline' }
}

const isAway = ({ status }: HttpReply): boolean => status === 502 || status === 503 || status === 504
/** Then it is our server that says so, and not a proxy before it: a part of it is not ready. */
const isProblem = (reply: HttpReply): boolean =>
  reply.header('content-type')?.startsWith('application/problem+json') ?? false

/** One more try where the server asks for a fresh proof, token or clock. */
const again = async (
  reply: HttpReply | Offline,
  retry: () => Promise<HttpReply | Offline>,
): Promise<HttpReply | Offline> => {
  if (reply.kind === 'offline' || reply.status !== 401) return reply
  const text = await reply.text()
  const problem = await readProblem({ ...reply, text: () => Promise.resolve(text) })
  return retryable.has(problem.code) ? retry() : { ...reply, text: () => Promise.resolve(text) }
}

const readAnswer = async <T>(reply: HttpReply | Offline, schema: z.ZodType<T>): Promise<Answer<T>> => {
  if (reply.kind === 'offline') return reply
  if (isAway(reply)) return { kind: 'offline' }
  if (reply.status >= 400) return readProblem(reply)
  const text = await reply.text()
  const parsed = schema.safeParse(text === '' ? undefined : JSON.parse(text))
  return parsed.success
    ? { kind: 'ready', value: parsed.data }
    : {
        kind: 'problem',
        code: 'internal',
        title: 'The server’s answer was not understood',
        detail: parsed.error.issues[0]?.path.join('.'),
      }
}

const restore = async (values: ValueStore, known: KnownServer): Promise<Session | undefined> => {
  const kept = (await values.get(valueName).catch(() => undefined)) as
    { server?: unknown; session?: unknown } | undefined
  const parsed = sessionSchema.safeParse(kept?.session)
  return parsed.success && kept?.server === known.id ? parsed.data : undefined
}

/** Stops waiting when the signal aborts; the work goes on. */
const abortable = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    work.then(resolve, reject)
  })
