import { parseChunkId, type ChunkId, type RecordingId } from '@tonestead/crdt/ids'
import { concat, fromBase32, toHex, uint, utf8, type Bytes } from './bytes.ts'

/** The encodings of a recording that may stand in a manifest. AAC by nominal bit rate in kbit/s; one lossless. */
export const renditionNames = ['aac-64', 'aac-128', 'aac-256', 'flac'] as const
export type RenditionName = (typeof renditionNames)[number]

/** Where a segment stands: what its initialization vector is made of. */
export type SegmentAddress = {
  readonly recordingId: RecordingId
  /** 1 for the first key; encoding anew means a new version, so that no vector meets other plaintext under one key. */
  readonly keyVersion: number
  readonly rendition: RenditionName
  /** Counts from 0. */
  readonly index: number
}

/** The name of an object: lowercase hexadecimal SHA-256 of its bytes. */
export const chunkIdOf = async (subtle: SubtleCrypto, bytes: Bytes): Promise<ChunkId> =>
  parseChunkId(toHex(new Uint8Array(await subtle.digest('SHA-256', bytes))))

/** First 16 bytes of SHA-256(recording id 16 bytes, key version u16, rendition code u8, segment index u32): the same job makes the same bytes. */
export const initializationVector = async (subtle: SubtleCrypto, address: SegmentAddress): Promise<Bytes> =>
  new Uint8Array(await subtle.digest('SHA-256', nameForVector(address))).slice(0, 16)

/** What is hashed to the vector. */
export const nameForVector = (address: SegmentAddress): Bytes =>
  concat(
    utf8('tonestead/iv/v1'),
    fromBase32(address.recordingId),
    uint(address.keyVersion, 2),
    uint(renditionNames.indexOf(address.rendition), 1),
    uint(address.index, 4),
  )

/** Seals a whole segment with AES-128-CBC and PKCS#7, as HLS's METHOD=AES-128 has it (RFC 8216, 5.2). */
export const sealSegment = async (
  subtle: SubtleCrypto,
  key: CryptoKey,
  sealing: { address: SegmentAddress; segment: Bytes },
): Promise<Bytes> => {
  const iv = await initializationVector(subtle, sealing.address)
  return new Uint8Array(await subtle.encrypt({ name: 'AES-CBC', iv }, key, sealing.segment))
}

/** Opens a chunk. Authenticity comes from the chunk id in the signed manifest: check it BEFORE this; CBC alone is malleable. */
export const openChunk = async (
  subtle: SubtleCrypto,
  key: CryptoKey,
  sealed: { address: SegmentAddress; chunk: Bytes },
): Promise<Bytes> => {
  const iv = await initializationVector(subtle, sealed.address)
  return new Uint8Array(await subtle.decrypt({ name: 'AES-CBC', iv }, key, sealed.chunk))
}
