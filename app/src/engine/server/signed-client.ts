import type { Session } from '@tonestead/protocol/auth'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { z } from 'zod'
import type { HttpReply } from '../../ports/http-client.ts'
import { retryOfProblem } from '../failures/failure-table.ts'
import { notReadyRetries } from '../failures/retries.ts'
import type { Readable } from '../readable.ts'
import type { Answer } from './answer.ts'
import { createSessions, retryAfterSignIn, type SessionDeps, type Sessions } from './create-sessions.ts'
import { readAnswer, readBytes, readLines } from './read-reply.ts'
import { sendSigned, signHeaders, type ApiRequest } from './send-signed.ts'

/** Requests that this device signs. A refused proof or token is retried once; a server that is not ready is retried as retries.ts says. */
export type SignedClient = {
  readonly session: Readable<Session | undefined>
  /** The server has refused this device because another device of the account removed it. */
  readonly isRemoved: Readable<boolean>
  /** Opens a session, or says why there is none. */
  connect(signal: AbortSignal): Promise<Answer<Session>>
  request<T>(request: ApiRequest, schema: z.ZodType<T>): Promise<Answer<T>>
  /** The headers for a request that another library sends: valid once, for that method and path. */
  sign(request: {
    readonly method: string
    readonly path: string
    readonly signal: AbortSignal
  }): Promise<Answer<Readonly<Record<string, string>>>>
  /** The body as bytes. */
  download(request: ApiRequest): Promise<Answer<Bytes>>
  /** Lines of an event stream until it ends or the signal aborts. */
  stream(request: ApiRequest): Promise<Answer<AsyncIterable<string>>>
}

export const createSignedClient = (deps: SessionDeps): SignedClient => {
  const sessions = createSessions(deps)
  const requestAnswer = <T>(request: ApiRequest, read: (reply: HttpReply) => Promise<Answer<T>>): Promise<Answer<T>> =>
    retryWhileNotReady(deps, request, async () => {
      const sent = await send(deps, sessions, request)
      return sent.kind === 'ready' ? sessions.note(await read(sent.value)) : sent
    })
  return {
    session: sessions.session,
    isRemoved: sessions.isRemoved,
    connect: sessions.open,
    request: (request, schema) => requestAnswer(request, (reply) => readAnswer(reply, schema)),
    sign: async (request) => {
      const granted = await sessions.credentials(request.signal)
      if (granted.kind !== 'ready') return granted
      const { server, session } = granted.value
      return { kind: 'ready', value: await signHeaders(deps, { known: server, request, token: session.token }) }
    },
    download: (request) =>
      requestAnswer(request, (reply) => readBytes(reply, { signal: request.signal, log: deps.log })),
    stream: (request) => requestAnswer(request, readLines),
  }
}

/** Sends with the session at hand; a refused one is replaced once. */
const send = async (deps: SessionDeps, sessions: Sessions, request: ApiRequest): Promise<Answer<HttpReply>> => {
  const granted = await sessions.credentials(request.signal)
  if (granted.kind !== 'ready') return granted
  const { server, session } = granted.value
  const first = await sendSigned(deps, { known: server, request, token: session.token })
  const reply = await retryAfterSignIn(first, async () => {
    await sessions.drop()
    const fresh = await sessions.credentials(request.signal)
    if (fresh.kind !== 'ready') return { kind: 'offline' }
    return sendSigned(deps, { known: fresh.value.server, request, token: fresh.value.session.token })
  })
  return reply.kind === 'offline' ? reply : { kind: 'ready', value: reply }
}

const retryWhileNotReady = async <T>(
  { clock, log }: SessionDeps,
  { signal }: ApiRequest,
  attempt: () => Promise<Answer<T>>,
): Promise<Answer<T>> => {
  for (let retries = 0; ; retries += 1) {
    const answer = await attempt()
    const isRetried = answer.kind === 'problem' && retryOfProblem(answer.code) === 'after-delay'
    if (!isRetried || retries === notReadyRetries.most) return answer
    log.info('the server is not ready', { retries })
    await clock.after(notReadyRetries.delayMs, signal)
  }
}
