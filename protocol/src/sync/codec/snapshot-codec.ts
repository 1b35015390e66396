import { parseAccountId, parseDeviceId } from '@tonestead/crdt/ids'
import { concat, toHex, uint, type Bytes } from '../../bytes.ts'
import type { SnapshotHeader, SnapshotPart } from '../snapshot.ts'
import { parseCollectionId, parseDocumentId, parseEpochId, parseItemId, syncIdToBytes } from '../sync-ids.ts'
import { gcmTagBytes, maxBodyBytes, maxSnapshotParts, maxVoids } from '../sync-limits.ts'
import { createByteReader, readList, requireThat, requireAscending, type ByteReader } from './byte-reader.ts'
import { hashToBytes, readSeen, saltBytes } from './envelope-codec.ts'

// The header of a snapshot in bytes. docs/formats.md, "Documents and sync".

/** A header before its parts are sealed. */
export type UnsealedSnapshot = Omit<SnapshotHeader, 'parts'>

/** The header without its table of parts: the associated data of every part. Throws a FormatError on a header beyond the limits. */
export const encodeUnsealedSnapshot = (header: UnsealedSnapshot, partCount: number): Bytes => {
  requireLimits(header, partCount)
  return concat(
    uint(header.version, 1),
    uint(header.schemaVersion, 2),
    syncIdToBytes(header.collection),
    syncIdToBytes(header.document),
    syncIdToBytes(header.account),
    syncIdToBytes(header.device),
    uint(header.place.seq, 6),
    syncIdToBytes(header.place.chain),
    syncIdToBytes(header.epoch),
    header.salt,
    uint(header.voids.length, 2),
    uint(partCount, 2),
    ...header.voids.map(syncIdToBytes),
  )
}

/** The canonical bytes of a header. Throws a FormatError on a header beyond the limits, or whose `voids` are not in ascending order of their texts. */
export const encodeSnapshotHeader = (header: SnapshotHeader): Bytes => {
  header.parts.forEach(requirePart)
  return concat(
    encodeUnsealedSnapshot(header, header.parts.length),
    ...header.parts.flatMap(({ bytes, hash }) => [uint(bytes, 4), hashToBytes(hash)]),
  )
}

/** Reads a header. Throws a FormatError on anything but what `encodeSnapshotHeader` writes. */
export const decodeSnapshotHeader = (bytes: Bytes): SnapshotHeader => {
  const reader = createByteReader(bytes)
  const fixed = readFixedFields(reader)
  const voidCount = reader.uint(2)
  const partCount = reader.uint(2)
  requireThat(voidCount <= maxVoids && partCount <= maxSnapshotParts, 'counts within their limits')
  const header: SnapshotHeader = {
    ...fixed,
    voids: readList(voidCount, () => parseItemId(reader.id())),
    parts: readList(partCount, () => ({ bytes: reader.uint(4), hash: toHex(reader.take(32)) })),
  }
  reader.end()
  requireLimits(header, partCount)
  header.parts.forEach(requirePart)
  return header
}

const readFixedFields = (reader: ByteReader): Omit<UnsealedSnapshot, 'voids'> => {
  requireThat(reader.uint(1) === 1, 'version 1')
  return {
    version: 1,
    schemaVersion: reader.uint(2),
    collection: parseCollectionId(reader.id()),
    document: parseDocumentId(reader.id()),
    account: parseAccountId(reader.id()),
    device: parseDeviceId(reader.id()),
    place: readSeen(reader),
    epoch: parseEpochId(reader.id()),
    salt: reader.take(saltBytes),
  }
}

const requireLimits = ({ salt, voids, place }: UnsealedSnapshot, partCount: number): void => {
  requireThat(salt.length === saltBytes, 'a salt of 16 bytes')
  requireThat(place.seq >= 1, 'a place from 1')
  requireThat(voids.length <= maxVoids, 'fewer voids')
  requireThat(partCount >= 1 && partCount <= maxSnapshotParts, '1 to 256 parts')
  requireAscending(voids)
}

const requirePart = ({ bytes }: SnapshotPart): void =>
  requireThat(bytes > gcmTagBytes && bytes <= maxBodyBytes, 'a part within its limits')
