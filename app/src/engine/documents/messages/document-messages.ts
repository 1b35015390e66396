import * as z from 'zod/mini'
import { documentPatchSchema } from '../mirror/document-patch.ts'
import type { PlainMap } from '../mirror/plain-value.ts'

// Messages between the tabs and the worker of the leading tab. Tabs of different builds may meet for a moment: a message that does not parse is left alone, so a
// message with another meaning gets a new `v`.

/** Version of the messages. */
export const messageVersion = 1

const v = z.literal(messageVersion)
const text = z.string().check(z.maxLength(300))
const whole = z.int().check(z.gte(0))
const collection = z.optional(text)
/** `fence`: the number with which the worker took the journal over. A higher one is a later leader. */
const fence = whole
const reason = z.enum(['not-supported', 'storage-failed', 'not-begun'])

const syncStatus = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('synced'), atMs: z.number() }),
  z.object({ kind: z.literal('waiting'), changes: whole, isConnected: z.boolean() }),
  z.object({ kind: z.literal('offline'), atMs: z.union([z.number(), z.undefined()]) }),
  z.object({
    kind: z.literal('needs-you'),
    reason: z.enum(['frozen', 'update-needed', 'key-missing', 'storage-failed']),
  }),
  z.object({ kind: z.literal('starting') }),
  z.object({ kind: z.literal('unavailable'), reason }),
])

const intent = z.looseObject({ id: text, kind: text })

/** What a tab asks of the leader. `tab`: the name of its own channel. `number`: of the edit, in this tab. */
const toHostSchema = z.discriminatedUnion('kind', [
  z.object({ v, kind: z.literal('watch'), tab: text, collection, name: text }),
  z.object({ v, kind: z.literal('unwatch'), tab: text, collection, name: text }),
  z.object({ v, kind: z.literal('watch-status'), tab: text, collection }),
  z.object({ v, kind: z.literal('edit'), tab: text, number: whole, collection, name: text, intent }),
  z.object({ v, kind: z.literal('ask'), tab: text, number: whole, part: text, question: z.unknown() }),
  z.object({ v, kind: z.literal('watch-value'), tab: text, part: text, key: text }),
  z.object({ v, kind: z.literal('leave'), tab: text }),
])
/** One of the messages of `toHostSchema`. */
export type ToHost = z.infer<typeof toHostSchema>

const result = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['kept', 'unchanged', 'read-only']) }),
  z.object({ kind: z.literal('refused'), reason: text }),
])
const plain = z.custom<PlainMap>((value: unknown) => typeof value === 'object' && value !== null)
const facts = { isKnown: z.boolean(), isReadOnly: z.boolean() }

const leaderAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answered'), value: z.unknown() }),
  z.object({ kind: z.literal('unavailable'), reason }),
  z.object({ kind: z.literal('failed') }),
])

/** What the leader tells one tab. `version` grows with every change of a document; a patch leads from `from` to `version`. */
const toTabSchema = z.discriminatedUnion('kind', [
  z.object({
    ...{ v, kind: z.literal('document'), fence, collection, name: text, version: whole },
    ...{ document: plain, ...facts },
  }),
  z.object({
    ...{ v, kind: z.literal('patch'), fence, collection, name: text, from: whole, version: whole },
    ...{ patch: z.optional(documentPatchSchema), ...facts },
  }),
  z.object({ v, kind: z.literal('unavailable'), fence, collection, name: text, reason }),
  z.object({ v, kind: z.literal('answer'), fence, number: whole, version: whole, result }),
  z.object({ v, kind: z.literal('status'), fence, collection, status: syncStatus }),
  z.object({ v, kind: z.literal('reply'), fence, number: whole, answer: leaderAnswer }),
  z.object({ v, kind: z.literal('value'), fence, part: text, key: text, value: z.unknown() }),
])
/** One of the messages of `toTabSchema`. */
export type ToTab = z.infer<typeof toTabSchema>

/** What all tabs hear. `leading`: of the worker that leads now. `failed`: no worker can run. `ping` asks the leading tab for a `pong`. */
const toAllSchema = z.discriminatedUnion('kind', [
  z.object({ v, kind: z.literal('leading'), fence }),
  z.object({ v, kind: z.literal('failed'), reason }),
  z.object({ v, kind: z.literal('ping') }),
  z.object({ v, kind: z.literal('pong') }),
])
/** One of the messages of `toAllSchema`. */
export type ToAll = z.infer<typeof toAllSchema>

/** Undefined for what is no message of this version. */
export const parseToHost = (data: unknown): ToHost | undefined => toHostSchema.safeParse(data).data
/** Undefined for what is no message of this version. */
export const parseToTab = (data: unknown): ToTab | undefined => toTabSchema.safeParse(data).data
/** Undefined for what is no message of this version. */
export const parseToAll = (data: unknown): ToAll | undefined => toAllSchema.safeParse(data).data

/** Names of the channels: of the leader, of one tab, and of all tabs. */
export const hostChannel = 'tonestead-documents/leader'
/** The channel of one tab. */
export const tabChannel = (tab: string): string => `tonestead-documents/tab/${tab}`
/** The channel that all tabs and the leader hear. */
export const allChannel = 'tonestead-documents/tabs'
