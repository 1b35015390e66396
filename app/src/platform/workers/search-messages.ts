import { audienceSchema } from '@tonestead/protocol/audience'
import type { Bytes } from '@tonestead/protocol/bytes'
import * as z from 'zod/mini'
import type { FromSearchWorker, SearchCall } from '../../ports/search-worker.ts'

// The worker's end of the calls: it parses and answers them.

const text = z.string()
const whole = z.number().check(z.gte(0))
const kind = z.enum(['track', 'release', 'artist', 'playlist'])
const range = z.object({ from: z.number(), to: z.number() })
const filters = z.object({
  years: z.optional(range),
  durationMs: z.optional(range),
  isLossless: z.optional(z.literal(true)),
  isInLibrary: z.optional(z.literal(true)),
})
const query = z.object({ text, kinds: z.optional(z.array(kind)), limit: whole, offset: whole, filters })
const bytes = z.instanceof(Uint8Array) as unknown as z.ZodMiniType<Bytes>

const callSchema = z.discriminatedUnion('kind', [
  z.object({ id: whole, kind: z.literal('open'), serverId: text, scope: z.enum(['catalog', 'touched']) }),
  z.object({
    id: whole,
    kind: z.literal('replace'),
    serverId: text,
    audience: audienceSchema,
    fetchedAtMs: whole,
    bytes,
  }),
  // The host parses the answer and the document by the schemas of protocol/.
  z.object({ id: whole, kind: z.literal('follow'), after: whole, answer: z.unknown() }),
  z.object({ id: whole, kind: z.literal('compact'), serverId: text }),
  z.object({ id: whole, kind: z.literal('search'), query }),
  z.object({ id: whole, kind: z.literal('suggest'), text, limit: whole }),
  z.object({
    id: whole,
    kind: z.literal('touch'),
    serverId: text,
    document: z.looseObject({ kind, id: text }),
    atMs: whole,
  }),
  z.object({
    id: whole,
    kind: z.literal('fill-own'),
    documents: z.array(z.looseObject({ kind, id: text })),
    isFirst: z.boolean(),
    isLast: z.boolean(),
  }),
  z.object({ id: whole, kind: z.literal('search-own'), query }),
  z.object({ id: whole, kind: z.literal('suggest-own'), text, limit: whole }),
])

/** Answers each call once, by its value or its error. A message that is no call is a bug of this app, and throws. */
export const answerCalls =
  (
    handle: (call: SearchCall) => Promise<unknown>,
    post: (message: FromSearchWorker) => void,
  ): ((data: unknown) => void) =>
  (data) => {
    const call = callSchema.parse(data)
    const { id } = call
    handle(call).then(
      (value) => post({ kind: 'answer', id, value }),
      (cause: unknown) => post({ kind: 'fault', id, message: messageOf(cause) }),
    )
  }

const messageOf = (cause: unknown): string =>
  cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
