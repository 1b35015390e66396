import { parseAccountId, parseDeviceId } from '@tonestead/crdt/ids'
import { concat, fromHex, toHex, uint, type Bytes } from '../../bytes.ts'
import { optionalIdToBytes } from '../derived-ids.ts'
import type { EnvelopeHeader, Seen } from '../envelope.ts'
import {
  parseChainHash,
  parseCollectionId,
  parseDocumentId,
  parseEpochId,
  parseFeedId,
  parseItemId,
  syncIdToBytes,
  type ItemId,
} from '../sync-ids.ts'
import { gcmTagBytes, maxBodyBytes, maxChangesPerEnvelope, maxDeps } from '../sync-limits.ts'
import { createByteReader, readList, requireThat, requireAscending, type ByteReader } from './byte-reader.ts'

// The header of an envelope in bytes. docs/formats.md, "Documents and sync".

/** Bytes of the salt in a header. */
export const saltBytes = 16
/** Bytes of a keyed change hash. */
export const changeHashBytes = 16
/** Bytes at the end of a header that are not part of the associated data: size and hash of the ciphertext. */
export const sealedFieldsBytes = 36
/** A header before its body is sealed. */
export type UnsealedHeader = Omit<EnvelopeHeader, 'bodyBytes' | 'bodyHash'>

/** The header without size and hash of the ciphertext: the associated data of the body. Throws a FormatError on a header beyond the limits. */
export const encodeUnsealedHeader = (header: UnsealedHeader): Bytes => {
  requireLimits(header)
  return concat(
    uint(header.version, 1),
    uint(header.schemaVersion, 2),
    syncIdToBytes(header.collection),
    syncIdToBytes(header.document),
    syncIdToBytes(header.account),
    syncIdToBytes(header.device),
    syncIdToBytes(header.feed),
    uint(header.number, 4),
    optionalIdToBytes(header.prev),
    uint(header.seen.seq, 6),
    syncIdToBytes(header.seen.chain),
    syncIdToBytes(header.epoch),
    header.salt,
    uint(header.deps.length, 2),
    uint(header.changeHashes.length, 2),
    ...header.deps.map(syncIdToBytes),
    ...header.changeHashes.map(fromHex),
  )
}

/**
 * The canonical bytes of a header: signature and id cover them. Throws a FormatError on a header beyond the limits, whose `deps` are not in ascending order
 * of their texts, or without a change.
 */
export const encodeEnvelopeHeader = (header: EnvelopeHeader): Bytes => {
  requireBodyLimits(header.bodyBytes)
  return concat(encodeUnsealedHeader(header), uint(header.bodyBytes, 4), hashToBytes(header.bodyHash))
}

/** Reads a header. Throws a FormatError on anything but what `encodeEnvelopeHeader` writes. */
export const decodeEnvelopeHeader = (bytes: Bytes): EnvelopeHeader => {
  const reader = createByteReader(bytes)
  const fixed = readFixedFields(reader)
  const depCount = reader.uint(2)
  const changeCount = reader.uint(2)
  requireThat(depCount <= maxDeps && changeCount <= maxChangesPerEnvelope, 'counts within their limits')
  const header: EnvelopeHeader = {
    ...fixed,
    deps: readList(depCount, () => parseItemId(reader.id())),
    changeHashes: readList(changeCount, () => toHex(reader.take(changeHashBytes))),
    bodyBytes: reader.uint(4),
    bodyHash: toHex(reader.take(32)),
  }
  reader.end()
  requireLimits(header)
  requireBodyLimits(header.bodyBytes)
  return header
}

type FixedFields = Omit<UnsealedHeader, 'deps' | 'changeHashes'>

const readFixedFields = (reader: ByteReader): FixedFields => {
  const version = reader.uint(1)
  requireThat(version === 1, 'version 1')
  return {
    version: 1,
    schemaVersion: reader.uint(2),
    collection: parseCollectionId(reader.id()),
    document: parseDocumentId(reader.id()),
    account: parseAccountId(reader.id()),
    device: parseDeviceId(reader.id()),
    feed: parseFeedId(reader.id()),
    number: reader.uint(4),
    prev: readOptionalId(reader),
    seen: readSeen(reader),
    epoch: parseEpochId(reader.id()),
    salt: reader.take(saltBytes),
  }
}

/** A place in a log: seq (6 bytes) and chain hash (32). */
export const readSeen = (reader: ByteReader): Seen => ({ seq: reader.uint(6), chain: parseChainHash(reader.id()) })

const readOptionalId = (reader: ByteReader): ItemId | undefined => {
  const bytes = reader.take(32)
  return bytes.every((byte) => byte === 0) ? undefined : parseItemId(createByteReader(bytes).id())
}

/** The 32 bytes of a hash in hexadecimal. Throws a FormatError on another length. */
export const hashToBytes = (hash: string): Bytes => {
  const bytes = fromHex(hash)
  requireThat(bytes.length === 32, 'a SHA-256')
  return bytes
}

const requireLimits = (header: UnsealedHeader): void => {
  requireThat(header.number >= 1, 'a number from 1')
  requireThat(header.number > 1 ? header.prev !== undefined : true, 'prev of every number but the first')
  requireThat(header.salt.length === saltBytes, 'a salt of 16 bytes')
  requireThat(header.deps.length <= maxDeps, 'fewer deps')
  requireThat(
    header.changeHashes.length >= 1 && header.changeHashes.length <= maxChangesPerEnvelope,
    '1 to 1,024 changes',
  )
  requireThat(
    header.changeHashes.every((hash) => hash.length === 2 * changeHashBytes),
    'change hashes of 16 bytes',
  )
  requireAscending(header.deps)
}

const requireBodyLimits = (bodyBytes: number): void =>
  requireThat(bodyBytes > gcmTagBytes && bodyBytes <= maxBodyBytes, 'a body within its limits')
