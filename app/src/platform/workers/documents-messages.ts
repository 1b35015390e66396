import { signingJwkSchema } from '@tonestead/protocol/device-log'
import * as z from 'zod/mini'
import type { FromDocumentsWorker, ToDocumentsWorker } from '../../ports/documents/documents-worker.ts'
import { logEntrySchema } from './log-entry-schema.ts'

const key = signingJwkSchema
const id = z.int().check(z.gte(0))

const toWorkerSchema: z.ZodMiniType<ToDocumentsWorker> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('home'), relay: z.union([key, z.undefined()]) }),
  z.object({
    kind: z.literal('pass'),
    id,
    answer: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('granted'), pass: z.string() }),
      z.object({ kind: z.enum(['refused', 'unavailable']) }),
    ]),
  }),
  z.object({ kind: z.enum(['connect', 'ping']) }),
])

const fromWorkerSchema: z.ZodMiniType<FromDocumentsWorker> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('log'), entry: logEntrySchema }),
  z.object({ kind: z.literal('pass-wanted'), id, relay: key }),
  z.object({ kind: z.enum(['failed', 'pong']) }),
])

/** Page and worker are of one build: a message that is none is a bug of this app, and throws. */
export const parseToDocumentsWorker = (data: unknown): ToDocumentsWorker => toWorkerSchema.parse(data)
/** Page and worker are of one build: a message that is none is a bug of this app, and throws. */
export const parseFromDocumentsWorker = (data: unknown): FromDocumentsWorker => fromWorkerSchema.parse(data)
