import { pairingMailboxSchema } from '@tonestead/protocol/pairing'
import { z } from 'zod'
import type { HttpClient } from '../../../ports/http-client.ts'
import type { Answer } from '../../server/answer.ts'
import { readAnswer } from '../../server/read-reply.ts'

type Mailbox = z.infer<typeof pairingMailboxSchema>

/** The mailbox of a code at the media server. Requests carry no session: a device that was removed may be added again. */
export type PairingMailbox = {
  readonly open: (id: string, offer: string, signal: AbortSignal) => Promise<Answer<unknown>>
  readonly read: (id: string, signal: AbortSignal) => Promise<Answer<Mailbox>>
  readonly answer: (id: string, answer: string, signal: AbortSignal) => Promise<Answer<unknown>>
}

export const createPairingMailbox = (http: HttpClient): PairingMailbox => {
  const post = async (path: string, body: object, signal: AbortSignal): Promise<Answer<unknown>> => {
    const headers = { 'content-type': 'application/json' }
    const reply = await http.send({ method: 'POST', path, headers, body: JSON.stringify(body), signal })
    return reply.kind === 'unreachable' ? { kind: 'offline' } : readAnswer(reply, z.unknown())
  }
  return {
    open: (id, offer, signal) => post('/api/pairings', { id, offer }, signal),
    answer: (id, answer, signal) => post('/api/pairing-answers', { id, answer }, signal),
    read: async (id, signal) => {
      const reply = await http.send({ method: 'GET', path: `/api/pairings/${id}`, headers: {}, signal })
      return reply.kind === 'unreachable' ? { kind: 'offline' } : readAnswer(reply, pairingMailboxSchema)
    },
  }
}
