import { sessionSchema, type Session } from '@tonestead/protocol/auth'
import type { HttpReply } from '../../ports/http-client.ts'
import type { Log } from '../../ports/log.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import { createCell } from '../cell.ts'
import { retryOfProblem } from '../failures/failure-table.ts'
import type { Readable } from '../readable.ts'
import type { Answer } from './answer.ts'
import { readAnswer, readProblem } from './read-reply.ts'
import { sendSigned, serverNow, type ApiRequest, type Offline, type SigningDeps } from './send-signed.ts'
import type { KnownServer } from './server-connection.ts'

type Problem = Extract<Answer<never>, { kind: 'problem' }>
type Credentials = { readonly server: KnownServer; readonly session: Session }

/** The session of this device with the server. */
export type Sessions = {
  readonly session: Readable<Session | undefined>
  /** The server has refused this device as removed. It does so for ever, so nothing is requested any more until the page is loaded again. */
  readonly isRemoved: Readable<boolean>
  /** Opens a new session. Concurrent calls share one request. */
  readonly open: (signal: AbortSignal) => Promise<Answer<Session>>
  /** The session at hand while it is valid, else a new one. */
  credentials(signal: AbortSignal): Promise<Answer<Credentials>>
  /** The session is not valid any more: the next request opens a new one. */
  drop(): Promise<void>
  /** Every answer passes here: one of them may say that this device was removed. */
  note<T>(answer: Answer<T>): Answer<T>
}

export type SessionDeps = SigningDeps & { readonly values: ValueStore; readonly log: Log }

const valueName = 'session'
/** A token is renewed this long before it ends, so that it does not end during a request. */
const renewEarlyMs = 60_000
const openLimitMs = 30_000

export const createSessions = (deps: SessionDeps): Sessions => {
  const { server, values, log } = deps
  const session = createCell<Session | undefined>(undefined)
  let removal: Problem | undefined
  const isRemoved = createCell(false)
  let opening: Promise<Answer<Session>> | undefined

  const note = <T>(answer: Answer<T>): Answer<T> => {
    if (answer.kind !== 'problem' || answer.code !== 'device-removed' || removal !== undefined) return answer
    removal = answer
    isRemoved.set(true)
    return answer
  }

  const openNow = async (signal: AbortSignal): Promise<Answer<Session>> => {
    if (removal !== undefined) return removal
    const known = await server.known(signal)
    if (known === undefined) return { kind: 'offline' }
    const answer = await requestSession(deps, known, signal)
    if (answer.kind === 'ready') {
      session.set(answer.value)
      void values
        .put(valueName, { server: known.id, session: answer.value })
        .catch(log.failed('the session was not saved'))
    }
    return note(answer)
  }

  const open = (signal: AbortSignal): Promise<Answer<Session>> => {
    // Shared by all callers, so none of them may cancel it.
    opening ??= openNow(AbortSignal.timeout(openLimitMs)).finally(() => (opening = undefined))
    return abortable(opening, signal)
  }

  return {
    session,
    isRemoved,
    open,
    note,
    credentials: async (signal) => {
      if (removal !== undefined) return removal
      const known = await server.known(signal)
      if (known === undefined) return { kind: 'offline' }
      const held = session.get() ?? (await readSaved(deps, known))
      if (held !== undefined && held.expiresAt - renewEarlyMs > serverNow(deps.clock, known)) {
        if (session.get() === undefined) session.set(held)
        return { kind: 'ready', value: { server: known, session: held } }
      }
      const opened = await open(signal)
      return opened.kind === 'ready'
        ? { kind: 'ready', value: { server: server.server.get() ?? known, session: opened.value } }
        : opened
    },
    drop: async () => {
      session.set(undefined)
      await values.put(valueName, undefined).catch(log.failed('the session was not deleted'))
    },
  }
}

const requestSession = async (deps: SessionDeps, known: KnownServer, signal: AbortSignal): Promise<Answer<Session>> => {
  const body = { deviceLog: deps.identity.deviceLog }
  const request: ApiRequest = { method: 'POST', path: '/api/sessions', body, signal }
  const reply = await retryAfterSignIn(await sendSigned(deps, { known, request, token: undefined }), async () => {
    const refreshed = (await deps.server.refresh(signal)) ?? known
    return sendSigned(deps, { known: refreshed, request, token: undefined })
  })
  return reply.kind === 'offline' ? reply : readAnswer(reply, sessionSchema)
}

/** Retries once where the server wants a new proof, token or clock. */
export const retryAfterSignIn = async (
  reply: HttpReply | Offline,
  retry: () => Promise<HttpReply | Offline>,
): Promise<HttpReply | Offline> => {
  if (reply.kind === 'offline' || reply.status !== 401) return reply
  const text = await reply.text()
  const unread: HttpReply = { ...reply, text: () => Promise.resolve(text) }
  const { code } = await readProblem(unread)
  return retryOfProblem(code) === 'after-sign-in' ? retry() : unread
}

const readSaved = async ({ values, log }: SessionDeps, known: KnownServer): Promise<Session | undefined> => {
  const saved = (await values.get(valueName).catch(log.failed('the session was not read'))) as
    { server?: unknown; session?: unknown } | undefined
  const parsed = sessionSchema.safeParse(saved?.session)
  return parsed.success && saved?.server === known.id ? parsed.data : undefined
}

/** Stops waiting when the signal aborts; the work goes on. */
const abortable = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    work.then(resolve, reject)
  })
