import type { Bytes } from '@tonestead/protocol/bytes'
import * as z from 'zod/mini'
import type { FromWorker, ToWorker } from '../../ports/stream-worker.ts'
import { logEntrySchema } from './log-entry-schema.ts'

// Messages between the page and the service worker. Their versions may differ, so both sides parse.

const playId = z.string().check(z.regex(/^[a-z2-7]{26}$/))
const positionMs = z.number().check(z.gte(0))

const toWorkerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('position'), playId, positionMs, isPlaying: z.boolean() }),
  z.object({ kind: z.literal('warm'), playId, positionMs }),
  z.object({ kind: z.literal('forget'), playIds: z.array(playId) }),
  z.object({ kind: z.literal('keys') }),
  z.object({
    kind: z.literal('prefetch'),
    signedHead: z.instanceof(Uint8Array) as unknown as z.ZodMiniType<Bytes>,
    serverKey: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
  }),
  z.object({ kind: z.literal('claim') }),
  z.object({ kind: z.literal('keep-shell') }),
  z.object({ kind: z.literal('activate') }),
])

const fromWorkerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('slot-sent'),
    playId,
    slot: z.number(),
    rendition: z.string(),
    bitrateBps: z.number(),
    origin: z.enum(['cache', 'network']),
  }),
  z.object({ kind: z.literal('stream-failed'), playId, problem: z.string() }),
  z.object({ kind: z.literal('log'), entry: logEntrySchema }),
])

export const readToWorker = (data: unknown): ToWorker | undefined => {
  const parsed = toWorkerSchema.safeParse(data)
  return parsed.success ? parsed.data : undefined
}

export const readFromWorker = (data: unknown): FromWorker | undefined => {
  const parsed = fromWorkerSchema.safeParse(data)
  return parsed.success ? parsed.data : undefined
}
