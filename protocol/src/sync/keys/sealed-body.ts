import { toHex, type Bytes } from '../../bytes.ts'
import { encodeUnsealedHeader, type UnsealedHeader } from '../codec/envelope-codec.ts'
import { encodeUnsealedSnapshot, type UnsealedSnapshot } from '../codec/snapshot-codec.ts'
import type { EnvelopeHeader } from '../envelope.ts'
import type { SnapshotHeader } from '../snapshot.ts'
import { hashOfBody } from '../sync-hash.ts'
import { gcmTagBytes, maxBodyBytes, maxSnapshotParts } from '../sync-limits.ts'
import { decryptOr, type EpochKeys } from './epoch-keys.ts'

// Bodies of envelopes and parts of snapshots: AES-256-GCM. Every salt gives a key of its own, which encrypts one body, or each part once, so the
// initialization vector is only the number of the part.

/** The initialization vector of a part, or (part 0) of a body: its number in 12 bytes. */
const ivOf = (part: number): Bytes => {
  const iv = new Uint8Array(12)
  new DataView(iv.buffer).setUint32(8, part)
  return iv
}

/**
 * Seals a body under the keys of its epoch and completes its header. The salt in the header must be random and new. Throws a RangeError when the body would
 * be too large.
 */
export const sealBody = async (
  { subtle }: { subtle: SubtleCrypto },
  keys: EpochKeys,
  { header, plaintext }: { readonly header: UnsealedHeader; readonly plaintext: Bytes },
): Promise<{ readonly header: EnvelopeHeader; readonly body: Bytes }> => {
  requireOwnEpoch(keys, header)
  if (plaintext.length === 0 || plaintext.length > maxBodyBytes - gcmTagBytes) throw new RangeError('body too large')
  const key = await keys.bodyKeyFor(header.feed, header.salt)
  const additionalData = encodeUnsealedHeader(header)
  const body = new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: ivOf(0), additionalData }, key, plaintext))
  return { header: { ...header, bodyBytes: body.length, bodyHash: toHex(await hashOfBody(body)) }, body }
}

/** Opens a body; undefined when it was sealed with another key or header, or altered. */
export const openBody = async (
  { subtle }: { subtle: SubtleCrypto },
  keys: EpochKeys,
  { header, body }: { readonly header: EnvelopeHeader; readonly body: Bytes },
): Promise<Bytes | undefined> => {
  requireOwnEpoch(keys, header)
  const key = await keys.bodyKeyFor(header.feed, header.salt)
  return decryptOr(subtle, { key, iv: ivOf(0), additionalData: encodeUnsealedHeader(header) }, body)
}

const partPlaintextBytes = maxBodyBytes - gcmTagBytes

/**
 * Seals a saved document as the parts of a snapshot, all but the last of 256 KiB, and completes the header. The salt must be random and new. Throws a
 * RangeError when there would be more than 256 parts.
 */
export const sealSnapshot = async (
  { subtle }: { subtle: SubtleCrypto },
  keys: EpochKeys,
  { header, plaintext }: { readonly header: UnsealedSnapshot; readonly plaintext: Bytes },
): Promise<{ readonly header: SnapshotHeader; readonly parts: readonly Bytes[] }> => {
  requireOwnEpoch(keys, header)
  const count = Math.ceil(plaintext.length / partPlaintextBytes)
  if (count < 1 || count > maxSnapshotParts) throw new RangeError('document empty, or too large for a snapshot')
  const key = await keys.snapshotKeyFor(header.salt)
  const additionalData = encodeUnsealedSnapshot(header, count)
  const seal = async (_: unknown, part: number): Promise<Bytes> => {
    const slice = plaintext.subarray(part * partPlaintextBytes, (part + 1) * partPlaintextBytes)
    return new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: ivOf(part), additionalData }, key, slice))
  }
  const parts = await Promise.all(Array.from({ length: count }, seal))
  const hashes = await Promise.all(parts.map(hashOfBody))
  const table = parts.map(({ length }, part) => ({ bytes: length, hash: toHex(hashes[part] ?? new Uint8Array(0)) }))
  return { header: { ...header, parts: table }, parts }
}

/** Opens one part of a snapshot; undefined when it was sealed with another key, header or place, or altered. `part` counts from 0. */
export const openSnapshotPart = async (
  { subtle }: { subtle: SubtleCrypto },
  keys: EpochKeys,
  { header, part, bytes }: { readonly header: SnapshotHeader; readonly part: number; readonly bytes: Bytes },
): Promise<Bytes | undefined> => {
  requireOwnEpoch(keys, header)
  const key = await keys.snapshotKeyFor(header.salt)
  const additionalData = encodeUnsealedSnapshot(header, header.parts.length)
  return decryptOr(subtle, { key, iv: ivOf(part), additionalData }, bytes)
}

/** Keys of another epoch are a fault of the caller: the header in clear says which to take. */
const requireOwnEpoch = (keys: EpochKeys, header: Pick<EnvelopeHeader, 'collection' | 'epoch'>): void => {
  if (keys.collection !== header.collection || keys.epoch !== header.epoch) throw new Error('keys of another epoch')
}
