import { z } from 'zod'
import { concat, uint, type Bytes } from '../bytes.ts'
import { createByteReader, readOr, requireThat, type ByteReader } from './codec/byte-reader.ts'
import { isSame, parseJson, writeCanonicalJson } from './codec/canonical-json.ts'
import { clientMessageSchemas, relayMessageSchemas, type ClientMessage, type RelayMessage } from './frame-messages.ts'
import { maxBodyBytes, maxEphemeralBytes, maxFrameBytes, maxItemsPerFrame } from './sync-limits.ts'

// A frame is one binary WebSocket message: code (1), size of the JSON (4), canonical JSON, then for each attachment its size (4) and its bytes.
// docs/formats.md, "Documents and sync".

/** Largest JSON of a frame in bytes: a device log of 64 entries. */
export const maxMessageBytes = 288 * 1024

/** A message with its attachments. How many a kind has is in `attachmentsOf`. */
export type Frame<Message extends RelayMessage | ClientMessage> = {
  readonly message: Message
  readonly attachments: readonly Bytes[]
}

/** How many attachments a kind of frame has, and the largest in bytes. */
type AttachmentRule = { readonly least: number; readonly most: number; readonly maxBytes: number }
const none: AttachmentRule = { least: 0, most: 0, maxBytes: 0 }
const oneItem: AttachmentRule = { least: 1, most: 1, maxBytes: maxFrameBytes }
const relayAttachments: { readonly [Kind in RelayMessage['kind']]?: AttachmentRule } = {
  items: { least: 0, most: maxItemsPerFrame, maxBytes: maxFrameBytes },
  pending: oneItem,
  ephemeral: { least: 1, most: 1, maxBytes: maxEphemeralBytes },
  part: { least: 0, most: 1, maxBytes: maxBodyBytes },
}
const clientAttachments: { readonly [Kind in ClientMessage['kind']]?: AttachmentRule } = {
  append: oneItem,
  ephemeral: { least: 1, most: 1, maxBytes: maxEphemeralBytes },
  'put-part': { least: 1, most: 1, maxBytes: maxBodyBytes },
}

type Row = { readonly schema: z.ZodType; readonly attachments: AttachmentRule }
type Side = { readonly rows: ReadonlyMap<number, Row>; readonly codes: ReadonlyMap<string, number> }

const sideOf = (
  schemas: readonly (z.ZodType & { readonly shape: { readonly kind: z.ZodLiteral<string> } })[],
  firstCode: number,
  attachments: Readonly<Record<string, AttachmentRule | undefined>>,
): Side => {
  const named = schemas.map((schema, index) => ({ schema, kind: schema.shape.kind.value, code: firstCode + index }))
  return {
    rows: new Map(named.map(({ schema, kind, code }) => [code, { schema, attachments: attachments[kind] ?? none }])),
    codes: new Map(named.map(({ kind, code }) => [kind, code])),
  }
}
const relaySide = sideOf(relayMessageSchemas, 1, relayAttachments)
const clientSide = sideOf(clientMessageSchemas, 65, clientAttachments)

/** The first byte of a relay's frame, by kind. */
export const relayFrameCodes: ReadonlyMap<string, number> = relaySide.codes
/** The first byte of a client's frame, by kind. */
export const clientFrameCodes: ReadonlyMap<string, number> = clientSide.codes

/** The bytes of a relay's frame. Throws a FormatError beyond the limits, and a ZodError on a message that breaks its schema. */
export const writeRelayFrame = (message: RelayMessage, attachments: readonly Uint8Array[] = []): Bytes =>
  writeFrame(relaySide, message, attachments)
/** The bytes of a client's frame. Throws like `writeRelayFrame`. */
export const writeClientFrame = (message: ClientMessage, attachments: readonly Uint8Array[] = []): Bytes =>
  writeFrame(clientSide, message, attachments)

/** Reads a relay's frame. Undefined for anything that `writeRelayFrame` does not write. The attachments are views of one copy of the bytes. */
export const readRelayFrame = (bytes: Uint8Array): Frame<RelayMessage> | undefined =>
  readOr(() => readFrame<RelayMessage>(relaySide, bytes))
/** Reads a client's frame. Undefined for anything that `writeClientFrame` does not write. The attachments are views of one copy of the bytes. */
export const readClientFrame = (bytes: Uint8Array): Frame<ClientMessage> | undefined =>
  readOr(() => readFrame<ClientMessage>(clientSide, bytes))

const writeFrame = (
  { rows, codes }: Side,
  message: RelayMessage | ClientMessage,
  attachments: readonly Uint8Array[],
): Bytes => {
  const code = codes.get(message.kind) ?? 0
  const row = rows.get(code)
  requireThat(row !== undefined, 'a kind of frame of this side')
  requireThat(
    attachments.length >= row.attachments.least && attachments.length <= row.attachments.most,
    'the attachments of the kind',
  )
  requireThat(
    attachments.every(({ length }) => length >= 1 && length <= row.attachments.maxBytes),
    'attachments within their limits',
  )
  const json = encodeMessage(row.schema, message)
  requireThat(json.length <= maxMessageBytes, 'less JSON')
  const frame = concat(
    uint(code, 1),
    uint(json.length, 4),
    json,
    ...attachments.flatMap((bytes) => [uint(bytes.length, 4), bytes]),
  )
  requireThat(frame.length <= maxFrameBytes, 'a smaller frame')
  return frame
}

/** The code says the kind, so the JSON does not: members that are undefined are left out. */
const encodeMessage = (schema: z.ZodType, message: RelayMessage | ClientMessage): Bytes =>
  writeCanonicalJson({ ...(z.encode(schema, message) as object), kind: undefined })

const readFrame = <Message extends RelayMessage | ClientMessage>(side: Side, bytes: Uint8Array): Frame<Message> => {
  requireThat(bytes.length <= maxFrameBytes, 'a smaller frame')
  const reader = createByteReader(new Uint8Array(bytes))
  const code = reader.uint(1)
  const row = side.rows.get(code)
  requireThat(row !== undefined, 'a known code')
  const size = reader.uint(4)
  requireThat(size <= maxMessageBytes, 'less JSON')
  const message = decodeMessage(row.schema, { code, side, json: reader.take(size) }) as Message
  return { message, attachments: readAttachments(reader, { bytes, rule: row.attachments }) }
}

const decodeMessage = (
  schema: z.ZodType,
  { code, side, json }: { readonly code: number; readonly side: Side; readonly json: Bytes },
): unknown => {
  const kind = [...side.codes].find(([, each]) => each === code)?.[0]
  const members = parseJson(json)
  requireThat(typeof members === 'object' && members !== null && !('kind' in members), 'the members of a message')
  const parsed = schema.safeParse({ ...members, kind })
  requireThat(parsed.success, 'a message of this kind')
  requireThat(isSame(encodeMessage(schema, parsed.data as RelayMessage | ClientMessage), json), 'canonical JSON')
  return parsed.data
}

const readAttachments = (
  reader: ByteReader,
  { bytes, rule }: { readonly bytes: Uint8Array; readonly rule: AttachmentRule },
): readonly Bytes[] => {
  const attachments: Bytes[] = []
  while (reader.offset() < bytes.length) {
    requireThat(attachments.length < rule.most, 'fewer attachments')
    const size = reader.uint(4)
    requireThat(size >= 1 && size <= rule.maxBytes, 'an attachment within its limits')
    attachments.push(reader.take(size))
  }
  requireThat(attachments.length >= rule.least, 'more attachments')
  return attachments
}
