import { concat, fromHex, toHex, type Bytes } from '../../bytes.ts'
import { changeHashBytes, saltBytes } from '../codec/envelope-codec.ts'
import { hashOf, labels } from '../sync-hash.ts'
import { syncIdToBytes, type CollectionId, type EpochId, type FeedId } from '../sync-ids.ts'

// The keys that follow from the key of an epoch, by HKDF-SHA-256. info = label ‖ collection ‖ epoch, and for a body also the feed.

/** Bytes of the key of an epoch. */
export const epochKeyBytes = 32

/** The keys of an epoch. CryptoKeys are not extractable. */
export type EpochKeys = {
  readonly collection: CollectionId
  readonly epoch: EpochId
  /** AES-256-GCM, for the one envelope of this feed with this salt. */
  readonly bodyKeyFor: (feed: FeedId, salt: Bytes) => Promise<CryptoKey>
  /** AES-256-GCM, for the parts of the one snapshot with this salt. */
  readonly snapshotKeyFor: (salt: Bytes) => Promise<CryptoKey>
  /** HMAC-SHA-256, for the hashes of Automerge changes in headers. */
  readonly changeHashKey: CryptoKey
  /** AES-256-GCM, for ephemeral messages. */
  readonly ephemeralKey: CryptoKey
}

const gcm = { name: 'AES-GCM', length: 256 } as const
const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 } as const
const noSalt = new Uint8Array(0)

/** `keyHash` of an epoch: SHA-256 of its key, in hexadecimal. Who opens a key compares it before using it. */
export const keyHashOf = (epochKey: Uint8Array): string => toHex(hashOf(epochKey))

/** The keys that follow from an epoch's key (32 bytes). Throws a RangeError on another length. */
export const epochKeys = async (
  { subtle }: { subtle: SubtleCrypto },
  epochKey: Bytes,
  { collection, epoch }: { readonly collection: CollectionId; readonly epoch: EpochId },
): Promise<EpochKeys> => {
  const base = await importBase(subtle, epochKey)
  const context = concat(syncIdToBytes(collection), syncIdToBytes(epoch))
  const gcmKey = (salt: Bytes, ...info: readonly Bytes[]): Promise<CryptoKey> =>
    subtle.deriveKey(hkdf(salt, ...info), base, gcm, false, ['encrypt', 'decrypt'])
  return {
    collection,
    epoch,
    bodyKeyFor: (feed, salt) => gcmKey(salt, labels.bodyKey, context, syncIdToBytes(feed)),
    snapshotKeyFor: (salt) => gcmKey(salt, labels.snapshotKey, context),
    changeHashKey: await subtle.deriveKey(hkdf(noSalt, labels.changeHashKey, context), base, hmac, false, ['sign']),
    ephemeralKey: await gcmKey(noSalt, labels.ephemeralKey, context),
  }
}

const importBase = (subtle: SubtleCrypto, epochKey: Bytes): Promise<CryptoKey> => {
  if (epochKey.length !== epochKeyBytes) throw new RangeError(`the key of an epoch has ${epochKeyBytes} bytes`)
  return subtle.importKey('raw', epochKey, 'HKDF', false, ['deriveKey'])
}

const hkdf = (salt: Bytes, ...info: readonly Bytes[]) =>
  ({ name: 'HKDF', hash: 'SHA-256', salt, info: concat(...info) }) as const

/** `changeHashes` of a header: for each hash of an Automerge change (32 bytes, hexadecimal) the first 16 bytes of its HMAC, in hexadecimal. */
export const keyedChangeHashes = (
  { subtle }: { subtle: SubtleCrypto },
  { changeHashKey }: EpochKeys,
  hashes: readonly string[],
): Promise<readonly string[]> =>
  Promise.all(
    hashes.map(async (hash) => {
      const mac = await subtle.sign('HMAC', changeHashKey, fromHex(hash))
      return toHex(new Uint8Array(mac).subarray(0, changeHashBytes))
    }),
  )

/** A secret of 32 bytes sealed under an epoch, which its own collection alone uses: the previous epoch's key, or the account's private agreement key. */
export type SecretPurpose = 'previous-key' | 'agreement-key'

/** Each key encrypts once, so the initialization vector is constant. */
const zeroIv = new Uint8Array(12)
const purposeCodes = { 'previous-key': Uint8Array.of(1), 'agreement-key': Uint8Array.of(2) } as const

const secretKey = async (
  subtle: SubtleCrypto,
  { epochKey, collection, purpose, salt }: SecretTerms & { readonly salt: Bytes },
): Promise<CryptoKey> =>
  subtle.deriveKey(
    hkdf(salt, labels.epochSecret, syncIdToBytes(collection), purposeCodes[purpose]),
    await importBase(subtle, epochKey),
    gcm,
    false,
    ['encrypt', 'decrypt'],
  )

/** Under which key, and what for. The epoch's id is not in it, because it is not known while its item is made. */
export type SecretTerms = {
  readonly epochKey: Bytes
  readonly collection: CollectionId
  readonly purpose: SecretPurpose
}

/** Seals 32 bytes under the key of an epoch: salt (16) ‖ ciphertext with tag (48). Takes 16 bytes of `random`. */
export const sealSecret = async (
  { subtle, random }: { subtle: SubtleCrypto; random: (bytes: number) => Bytes },
  terms: SecretTerms,
  secret: Bytes,
): Promise<Bytes> => {
  const salt = random(saltBytes)
  const key = await secretKey(subtle, { ...terms, salt })
  return concat(salt, new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: zeroIv }, key, secret)))
}

/** Opens what `sealSecret` sealed; undefined when it was sealed otherwise or altered. */
export const openSecret = async (
  { subtle }: { subtle: SubtleCrypto },
  terms: SecretTerms,
  sealed: Bytes,
): Promise<Bytes | undefined> => {
  const key = await secretKey(subtle, { ...terms, salt: sealed.subarray(0, saltBytes) })
  return decryptOr(subtle, { key, iv: zeroIv }, sealed.subarray(saltBytes))
}

/** The plaintext; undefined when the tag is wrong. Other failures are faults. */
export const decryptOr = async (
  subtle: SubtleCrypto,
  { key, ...params }: { readonly key: CryptoKey; readonly iv: Bytes; readonly additionalData?: Bytes },
  ciphertext: Bytes,
): Promise<Bytes | undefined> => {
  try {
    return new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', ...params }, key, ciphertext))
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return undefined
    throw error
  }
}
