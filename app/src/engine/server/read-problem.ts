import { problemSchema } from '@tonestead/protocol/problem'
import type { HttpReply } from '../../ports/http-client.ts'
import type { Answer } from './answer.ts'

/** The problem that a reply tells; a body that is no problem still is one. */
export const readProblem = async (reply: HttpReply): Promise<Extract<Answer<never>, { kind: 'problem' }>> => {
  const parsed = problemSchema.safeParse(
    await reply
      .text()
      .then(
        (text) => JSON.parse(text) as unknown,
        () => undefined,
      )
      .catch(() => undefined),
  )
  if (!parsed.success) return { kind: 'problem', code: 'internal', title: `The server answered ${reply.status}` }
  return { kind: 'problem', code: parsed.data.code, title: parsed.data.title, detail: parsed.data.detail }
}
