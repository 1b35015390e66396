import { concat, readUint, toHex, uint, type Bytes } from '../../bytes.ts'
import type { Confirmation } from '../confirmation.ts'
import { itemIdOf } from '../derived-ids.ts'
import type { Envelope } from '../envelope.ts'
import type { LogItem } from '../log-item.ts'
import type { MembershipItem } from '../membership.ts'
import type { Snapshot } from '../snapshot.ts'
import { parseDocumentId, syncIdBytes, syncIdOfBytes, type DocumentId, type ItemId } from '../sync-ids.ts'
import { hashOfBody, labels } from '../sync-hash.ts'
import {
  confirmationHeaderBytes,
  maxEnvelopeHeaderBytes,
  maxMembershipItemBytes,
  maxSnapshotHeaderBytes,
} from '../sync-limits.ts'
import { createByteReader, readOr, requireThat, type ByteReader } from './byte-reader.ts'
import { isSame, parseJson } from './canonical-json.ts'
import { decodeConfirmationHeader } from './confirmation-codec.ts'
import { decodeEnvelopeHeader } from './envelope-codec.ts'
import { boxesHashOf, decodeMembershipHeader, encodeBoxes, readBoxes } from './membership-codec.ts'
import { decodeSnapshotHeader } from './snapshot-codec.ts'

// Items in bytes: kind (1), size of the header (4), header, signature (64), then by kind. docs/formats.md, "Documents and sync".

/** Bytes of a signature. */
export const signatureBytes = 64
/** The first byte of an item, by kind. */
const kindCodes = { envelope: 1, membership: 2, snapshot: 3, confirmation: 4 } as const
const maxHeaderBytes = {
  envelope: maxEnvelopeHeaderBytes,
  membership: maxMembershipItemBytes,
  snapshot: maxSnapshotHeaderBytes,
  confirmation: confirmationHeaderBytes,
} as const

/** A membership item without its sealed keys, as an account proof carries it. The keys are not checked against `boxesHash`. */
export type ProofItem = Omit<MembershipItem, 'boxes'>

/** The canonical bytes of an item. */
export const writeItem = (item: LogItem): Bytes => {
  switch (item.kind) {
    case 'envelope': {
      const body = item.body ?? new Uint8Array(0)
      return concat(writeSigned(item), uint(body.length, 4), body)
    }
    case 'membership':
      return concat(writeSigned(item), encodeBoxes(item.boxes))
    case 'snapshot':
    case 'confirmation':
      return writeSigned(item)
  }
}

/** The bytes of an item for an account proof: without sealed keys. */
export const writeProofItem = (item: ProofItem): Bytes => writeSigned(item)

const writeSigned = (item: Pick<LogItem, 'kind' | 'headerBytes' | 'signature'>): Bytes =>
  concat(uint(kindCodes[item.kind], 1), uint(item.headerBytes.length, 4), item.headerBytes, item.signature)

/**
 * Reads an item and computes its id. Undefined for anything that `writeItem` does not write, for what is beyond the limits, and for a body or boxes that
 * the header does not name. Does not verify the signature. The item holds a copy of the bytes.
 */
export const readItem = async (bytes: Uint8Array): Promise<LogItem | undefined> => {
  const item = readOr(() => readAny(createByteReader(new Uint8Array(bytes))))
  return item === undefined || !(await hasItsBody(item)) ? undefined : item
}

/** Reads an item of an account proof. Undefined for anything that `writeProofItem` does not write. */
export const readProofItem = (bytes: Uint8Array): ProofItem | undefined =>
  readOr(() => {
    const reader = createByteReader(new Uint8Array(bytes))
    requireThat(reader.uint(1) === kindCodes.membership, 'a membership item')
    const item = readMembership(reader)
    reader.end()
    return item
  })

const readAny = (reader: ByteReader): LogItem => {
  const item = readKind(reader)
  reader.end()
  return item
}

const readKind = (reader: ByteReader): LogItem => {
  const code = reader.uint(1)
  if (code === kindCodes.envelope) return readEnvelope(reader)
  if (code === kindCodes.snapshot) return readSnapshot(reader)
  if (code === kindCodes.confirmation) return readConfirmation(reader)
  requireThat(code === kindCodes.membership, 'a known kind of item')
  const item = readMembership(reader)
  const boxes = readBoxes(reader)
  requireThat(reader.offset() <= maxMembershipItemBytes, 'a smaller membership item')
  requireThat(boxesHashOf(boxes) === item.header.boxesHash, 'the boxes that the header names')
  return { ...item, boxes }
}

const readHeaderBytes = (reader: ByteReader, limitBytes: number): Bytes => {
  const size = reader.uint(4)
  requireThat(size <= limitBytes, 'a smaller header')
  return reader.take(size)
}

const readEnvelope = (reader: ByteReader): Envelope => {
  const headerBytes = readHeaderBytes(reader, maxHeaderBytes.envelope)
  const header = decodeEnvelopeHeader(headerBytes)
  const signature = reader.take(signatureBytes)
  const size = reader.uint(4)
  requireThat(size === 0 || size === header.bodyBytes, 'the body that the header names')
  const body = size === 0 ? undefined : reader.take(size)
  return { kind: 'envelope', id: itemIdOf(labels.envelope, headerBytes), header, headerBytes, signature, body }
}

const readMembership = (reader: ByteReader): ProofItem => {
  const headerBytes = readHeaderBytes(reader, maxHeaderBytes.membership)
  const header = decodeMembershipHeader(headerBytes)
  const signature = reader.take(signatureBytes)
  return { kind: 'membership', id: itemIdOf(labels.membership, headerBytes), header, headerBytes, signature }
}

const readSnapshot = (reader: ByteReader): Snapshot => {
  const headerBytes = readHeaderBytes(reader, maxHeaderBytes.snapshot)
  const header = decodeSnapshotHeader(headerBytes)
  const signature = reader.take(signatureBytes)
  return { kind: 'snapshot', id: itemIdOf(labels.snapshot, headerBytes), header, headerBytes, signature }
}

const readConfirmation = (reader: ByteReader): Confirmation => {
  const headerBytes = readHeaderBytes(reader, maxHeaderBytes.confirmation)
  const header = decodeConfirmationHeader(headerBytes)
  const signature = reader.take(signatureBytes)
  return { kind: 'confirmation', id: itemIdOf(labels.confirmation, headerBytes), header, headerBytes, signature }
}

/**
 * The bytes of an envelope without its body, as a relay keeps it under snapshots. The bytes must be of an envelope that `readItem` reads; one whose body is gone
 * stays as it is.
 */
export const withoutBody = (bytes: Bytes): Bytes => {
  const end = 5 + readUint(bytes, 1, 4) + signatureBytes
  return concat(bytes.subarray(0, end), uint(0, 4))
}

/** Where the document stands in the header of an envelope. */
const documentOffset = 35

/** Document and id of an envelope in bytes that `readItem` reads; undefined for other items. Cheaper than reading it. */
export const documentOfEnvelope = (
  bytes: Bytes,
): { readonly document: DocumentId; readonly id: ItemId } | undefined => {
  if (bytes[0] !== kindCodes.envelope) return undefined
  const header = bytes.subarray(5, 5 + readUint(bytes, 1, 4))
  const document = syncIdOfBytes(header.subarray(documentOffset, documentOffset + syncIdBytes))
  return { document: parseDocumentId(document), id: itemIdOf(labels.envelope, header) }
}

const hasItsBody = async (item: LogItem): Promise<boolean> =>
  item.kind !== 'envelope' || item.body === undefined || toHex(await hashOfBody(item.body)) === item.header.bodyHash

/**
 * Is this an item of a newer version, which only newer code can read? Then `readItem` gives undefined, but nothing is wrong: "update needed", never an alarm.
 * A version is the first byte of a binary header, and `version` in a JSON one; an unknown kind of item is newer too.
 */
export const isNewerItem = (bytes: Uint8Array): boolean =>
  readOr(() => {
    const reader = createByteReader(new Uint8Array(bytes))
    const code = reader.uint(1)
    if (code > kindCodes.confirmation) return true
    const header = readHeaderBytes(reader, maxHeaderBytes.membership)
    return code === kindCodes.membership ? isNewerJson(header) : createByteReader(header).uint(1) > 1
  }) ?? false

const isNewerJson = (header: Bytes): boolean => {
  const json = parseJson(header)
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined
  return typeof version === 'number' && Number.isSafeInteger(version) && version > 1
}

/** The same item: the same bytes. Two items with one id may differ in signature or in whether the body is there. */
export const isSameItem = (a: LogItem, b: LogItem): boolean => isSame(writeItem(a), writeItem(b))
