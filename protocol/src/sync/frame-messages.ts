import { z } from 'zod'
import { fromBase64Url, toBase64Url } from '../bytes.ts'
import { deviceLogSchema } from '../device-log.ts'
import {
  accountIdSchema,
  base64UrlSchema,
  chainHashSchema,
  collectionIdSchema,
  deviceIdSchema,
  generationSchema,
  hashSchema,
  instantSchema,
  itemIdSchema,
  placeSchema,
  strictSigningKeySchema,
  textSchema,
} from './codec/sync-schemas.ts'
import { maxItemsPerFrame } from './sync-limits.ts'

// What the frames of a connection say, apart from their attachments (frame.ts). Unknown members are refused: a new one needs a new version of the protocol,
// which the challenge names.

/** Version of the connection protocol. */
export const connectionVersion = 1

const bytesSchema = (size: number) =>
  z.codec(base64UrlSchema(size), z.instanceof(Uint8Array<ArrayBuffer>), {
    decode: (text) => fromBase64Url(text),
    encode: (bytes) => toBase64Url(bytes),
  })

/** A signature: 64 bytes, base64url in JSON. */
const signatureSchema = bytesSchema(64)
/** Chosen by the client, from 1; the answer names it. Used again only after its answer. */
const requestSchema = z
  .number()
  .int()
  .min(1)
  .max(2 ** 32 - 1)
/** A machine-readable reason: lowercase words with hyphens. */
const codeSchema = z.string().regex(/^[a-z][a-z-]{0,39}$/)
const durationSchema = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)
const collection = collectionIdSchema

/** A receipt in JSON. In an answer to `head` the nonce of the question. */
export const receiptSchema = z.strictObject({
  collection,
  generation: generationSchema,
  seq: placeSchema,
  chain: chainHashSchema,
  nonce: base64UrlSchema(16).optional(),
  signature: signatureSchema,
})

/** Frames of the relay, in order of their codes from 1. On a direct link either side sends any of both lists. */
export const relayMessageSchemas = [
  /** The first frame. `at`: the relay's clock, milliseconds since 1970. */
  z.strictObject({
    kind: z.literal('challenge'),
    version: z.number().int().min(1).max(65_535),
    relayKey: strictSigningKeySchema,
    nonce: base64UrlSchema(32),
    at: instantSchema,
  }),
  /** The device is known. `connection`: a name for logs. */
  z.strictObject({ kind: z.literal('welcome'), connection: textSchema(64) }),
  /** Items at `from`, `from` + 1 …, one in each attachment. `receipt`: for the last of them or a later place. */
  z.strictObject({ kind: z.literal('items'), collection, from: placeSchema, receipt: receiptSchema.optional() }),
  z.strictObject({ kind: z.literal('receipt'), receipt: receiptSchema }),
  /** An envelope of another device that has no place yet, in the attachment. */
  z.strictObject({ kind: z.literal('pending'), collection }),
  /** The item of `append` has a place, but is not durable yet: this is no acknowledgement. */
  z.strictObject({ kind: z.literal('appended'), request: requestSchema, collection, seq: placeSchema }),
  /** The request has failed. `isFinal`: it can never succeed. `id`: of the item, if there is one. */
  z.strictObject({
    kind: z.literal('refused'),
    request: requestSchema,
    id: itemIdSchema.optional(),
    reason: codeSchema,
    isFinal: z.boolean(),
    retryAfterMs: durationSchema.optional(),
  }),
  /** The newest place, signed with the nonce of the question. */
  z.strictObject({ kind: z.literal('head'), receipt: receiptSchema }),
  /** A signed and sealed message of another device, in the attachment. */
  z.strictObject({ kind: z.literal('ephemeral'), collection, from: deviceIdSchema }),
  /** A part of a snapshot, in the attachment; no attachment: the relay does not have it. */
  z.strictObject({ kind: z.literal('part'), hash: hashSchema }),
  /** The relay ends. Connect again after this time. */
  z.strictObject({ kind: z.literal('draining'), reconnectAfterMs: durationSchema }),
  /** Something is wrong with the connection itself. `detail` is for people who read logs. */
  z.strictObject({ kind: z.literal('problem'), code: codeSchema, detail: textSchema(500) }),
  z.strictObject({ kind: z.literal('pong') }),
  /** The part of `put-part` is durable. */
  z.strictObject({ kind: z.literal('part-stored'), request: requestSchema, hash: hashSchema }),
] as const

/** Frames of the client, in order of their codes from 65. */
export const clientMessageSchemas = [
  /** `signature`: of the device over the challenge (relay-challenge.ts). `pass`: what a media server gave for its relay. */
  z.strictObject({
    kind: z.literal('authenticate'),
    account: accountIdSchema,
    device: deviceIdSchema,
    signature: signatureSchema,
    deviceLog: deviceLogSchema.optional(),
    pass: textSchema(4096).optional(),
  }),
  /**
   * Send all items after `after`, then every new one. `invitation`: who is not a member yet names an open invitation, and proves with the `proof` of its
   * redemption that he has its link. `fromSnapshots`: of envelopes that are in the log now, bodies that a snapshot holds may be left out.
   */
  z.strictObject({
    kind: z.literal('subscribe'),
    collection,
    after: placeSchema,
    invitation: z.strictObject({ invitation: textSchema(64), proof: base64UrlSchema(64) }).optional(),
    fromSnapshots: z.literal(true).optional(),
  }),
  z.strictObject({ kind: z.literal('unsubscribe'), collection }),
  /** Append the item in the attachment. */
  z.strictObject({ kind: z.literal('append'), request: requestSchema }),
  /** Send at most `limit` items after `after`. */
  z.strictObject({
    kind: z.literal('read'),
    collection,
    after: placeSchema,
    limit: z.number().int().min(1).max(maxItemsPerFrame),
  }),
  /** Say and sign what the newest place is. */
  z.strictObject({ kind: z.literal('head'), collection, nonce: base64UrlSchema(16) }),
  /** Keep the part of a snapshot in the attachment. */
  z.strictObject({ kind: z.literal('put-part'), request: requestSchema, collection, hash: hashSchema }),
  z.strictObject({ kind: z.literal('get-part'), collection, hash: hashSchema }),
  /** Pass the message in the attachment on to the collection's connected devices. */
  z.strictObject({ kind: z.literal('ephemeral'), collection }),
  z.strictObject({ kind: z.literal('ping') }),
] as const

/** What a relay says. */
export type RelayMessage = z.output<(typeof relayMessageSchemas)[number]>
/** What a client says. */
export type ClientMessage = z.output<(typeof clientMessageSchemas)[number]>
