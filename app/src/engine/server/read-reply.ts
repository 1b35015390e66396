import type { Bytes } from '@tonestead/protocol/bytes'
import { problemSchema } from '@tonestead/protocol/problem'
import type { z } from 'zod'
import type { HttpReply } from '../../ports/http-client.ts'
import type { Log } from '../../ports/log.ts'
import type { Answer } from './answer.ts'

type Problem = Extract<Answer<never>, { kind: 'problem' }>

/** A gateway status without a problem document comes from a proxy that did not reach our server. With one, our server says that a part of it is not ready. */
export const isFromProxy = (reply: HttpReply): boolean =>
  [502, 503, 504].includes(reply.status) && !reply.header('content-type')?.startsWith('application/problem+json')

/** The body parsed by the schema, or why there is none. */
export const readAnswer = async <T>(reply: HttpReply, schema: z.ZodType<T>): Promise<Answer<T>> => {
  if (isFromProxy(reply)) return { kind: 'offline' }
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

/** The body as bytes. A connection that breaks before the end counts as offline. */
export const readBytes = async (
  reply: HttpReply,
  { signal, log }: { signal: AbortSignal; log: Log },
): Promise<Answer<Bytes>> => {
  if (isFromProxy(reply)) return { kind: 'offline' }
  if (reply.status !== 200) return readProblem(reply)
  const bytes = await reply.bytes().catch(log.failed('the connection broke during a download'))
  signal.throwIfAborted()
  return bytes === undefined ? { kind: 'offline' } : { kind: 'ready', value: bytes }
}

/** The body line by line, as it arrives. */
export const readLines = async (reply: HttpReply): Promise<Answer<AsyncIterable<string>>> =>
  reply.status === 200
    ? { kind: 'ready', value: reply.lines() }
    : isFromProxy(reply)
      ? { kind: 'offline' }
      : readProblem(reply)

/** The problem document of a reply. A body that is none counts as `internal`. */
export const readProblem = async (reply: HttpReply): Promise<Problem> => {
  const parsed = problemSchema.safeParse(await readJson(reply))
  if (!parsed.success) return { kind: 'problem', code: 'internal', title: `The server answered ${reply.status}` }
  return { kind: 'problem', code: parsed.data.code, title: parsed.data.title, detail: parsed.data.detail }
}

const readJson = async (reply: HttpReply): Promise<unknown> => {
  try {
    return JSON.parse(await reply.text()) as unknown
  } catch {
    // An HTML page of a proxy, or a broken connection: the status is all there is.
    return undefined
  }
}
