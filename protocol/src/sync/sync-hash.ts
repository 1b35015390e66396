import { sha256 } from '@noble/hashes/sha2.js'
import { utf8, type Bytes } from '../bytes.ts'

// Hashes of the sync formats. Ids must be computed by pure, synchronous code (fold, actors), so short inputs do not wait for WebCrypto.

/**
 * What a hash, a signature or a derived key is for: the first bytes of what is hashed or signed, or of the info of HKDF and HPKE. No label is used twice.
 */
export const labels = {
  envelope: utf8('tonestead/envelope/v1'),
  membership: utf8('tonestead/membership/v1'),
  snapshot: utf8('tonestead/snapshot/v1'),
  confirmation: utf8('tonestead/confirmation/v1'),
  boxes: utf8('tonestead/boxes/v1'),
  chain: utf8('tonestead/chain/v1'),
  receipt: utf8('tonestead/receipt/v1'),
  challenge: utf8('tonestead/relay-challenge/v1'),
  redemption: utf8('tonestead/redemption/v1'),
  personalCollection: utf8('tonestead/personal-collection/v1'),
  sharedCollection: utf8('tonestead/shared-collection/v1'),
  feed: utf8('tonestead/feed/v1'),
  actor: utf8('tonestead/actor/v1'),
  bodyKey: utf8('tonestead/body-key/v1'),
  snapshotKey: utf8('tonestead/snapshot-key/v1'),
  changeHashKey: utf8('tonestead/change-hash-key/v1'),
  ephemeral: utf8('tonestead/ephemeral/v1'),
  ephemeralKey: utf8('tonestead/ephemeral-key/v1'),
  epochSecret: utf8('tonestead/epoch-secret/v1'),
  epochBox: utf8('tonestead/epoch-box/v1'),
  recoveryKey: utf8('tonestead/recovery-key/v1'),
  invitationKey: utf8('tonestead/invitation-key/v1'),
  invitationProof: utf8('tonestead/invitation-proof/v1'),
} as const

/** SHA-256 of all parts in order: 32 bytes. */
export const hashOf = (...parts: readonly Uint8Array[]): Bytes => {
  const hash = sha256.create()
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

/** From this size in bytes on WebCrypto takes less processor time, the way to its thread included (measured with Node 24). */
const largeBytes = 32_768

/** SHA-256 of bytes of any size: 32 bytes. */
export const hashOfBody = async (bytes: Bytes): Promise<Bytes> =>
  bytes.length < largeBytes ? hashOf(bytes) : new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes))
