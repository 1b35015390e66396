import { parseChunkId, type ChunkId, type RecordingId } from '@tonestead/crdt/ids'
import { concat, fromBase32, toHex, uint, utf8, type Bytes } from './bytes.ts'
import { renditionTable, type RenditionName, type RenditionTable } from './rendition.ts'

/** Which segment of which recording: its initialization vector follows from this. */
export type SegmentAddress = {
  readonly recordingId: RecordingId
  /** 1 for the first key. Encoding again takes a new version, so that no vector is used for two plaintexts under one key. */
  readonly keyVersion: number
  readonly rendition: RenditionName
  /** Counts from 0. */
  readonly index: number
}

/** The id of an object: lowercase hexadecimal SHA-256 of its bytes. */
export const chunkIdOf = async (subtle: SubtleCrypto, bytes: Bytes): Promise<ChunkId> =>
  parseChunkId(toHex(new Uint8Array(await subtle.digest('SHA-256', bytes))))

/**
 * The AES-CBC initialization vector of a segment, 16 bytes: the start of SHA-256 over `vectorInput`. The same segment always gets the same vector,
 * so sealing it again makes the same chunk.
 */
export const initializationVector = async (
  subtle: SubtleCrypto,
  address: SegmentAddress,
  table: Pick<RenditionTable, 'row'> = renditionTable,
): Promise<Bytes> => new Uint8Array(await subtle.digest('SHA-256', vectorInput(address, table))).slice(0, 16)

/** What is hashed to the vector: a fixed prefix, recording id (16 bytes), key version (2), rendition code (1), segment index (4). */
export const vectorInput = (address: SegmentAddress, table: Pick<RenditionTable, 'row'> = renditionTable): Bytes =>
  concat(
    utf8('tonestead/iv/v1'),
    fromBase32(address.recordingId),
    uint(address.keyVersion, 2),
    uint(table.row(address.rendition).ivCode, 1),
    uint(address.index, 4),
  )

/** Encrypts a whole segment to a chunk: AES-128-CBC with PKCS#7 padding, the METHOD=AES-128 of HLS (RFC 8216, 5.2). `key` is the content key. */
export const sealSegment = async (
  subtle: SubtleCrypto,
  key: CryptoKey,
  sealing: { address: SegmentAddress; segment: Bytes },
): Promise<Bytes> => {
  const iv = await initializationVector(subtle, sealing.address)
  return new Uint8Array(await subtle.encrypt({ name: 'AES-CBC', iv }, key, sealing.segment))
}

/**
 * Decrypts a chunk to its segment. Compare the chunk's hash with its id in the signed manifest BEFORE this: CBC alone is malleable.
 * Rejects with an OperationError when the padding is wrong, which another key or address nearly always causes.
 */
export const openChunk = async (
  subtle: SubtleCrypto,
  key: CryptoKey,
  sealed: { address: SegmentAddress; chunk: Bytes },
): Promise<Bytes> => {
  const iv = await initializationVector(subtle, sealed.address)
  return new Uint8Array(await subtle.decrypt({ name: 'AES-CBC', iv }, key, sealed.chunk))
}
