import { Aes256Gcm, CipherSuite, DeserializeError, DhkemP256HkdfSha256, HkdfSha256, OpenError } from '@hpke/core'
import { concat, type Bytes } from '../../bytes.ts'
import type { AgreementJwk } from '../../device-log.ts'
import { labels } from '../sync-hash.ts'
import { syncIdToBytes, type CollectionId } from '../sync-ids.ts'
import { deriveAgreementPair, importPublicKey, type AgreementPair } from './agreement-key.ts'

// HPKE (RFC 9180), base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. @hpke/core takes WebCrypto from the platform.

/** Bytes of an encapsulated key: an uncompressed point. */
export const encBytes = 65
/** Bytes that a box adds to its plaintext: the encapsulated key and the tag. */
export const boxOverheadBytes = encBytes + 16

const createSuite = (): CipherSuite =>
  new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

/** The HPKE info of an epoch's key for a member or an invitation: label ‖ collection. */
export const epochBoxInfo = (collection: CollectionId): Bytes => concat(labels.epochBox, syncIdToBytes(collection))

/** What is sealed. `info` binds the box to its purpose; at most 128 bytes. */
export type BoxContent = { readonly info: Bytes; readonly plaintext: Bytes }

/** Seals to a key: `enc` (65) ‖ ciphertext with tag. The ephemeral key pair is derived from 32 bytes of `random`. */
export const sealBox = async (
  { subtle, random }: { subtle: SubtleCrypto; random: (bytes: number) => Bytes },
  recipientKey: AgreementJwk,
  { info, plaintext }: BoxContent,
): Promise<Bytes> => {
  const ephemeral = await deriveAgreementPair({ subtle }, random(32))
  const ekm = { privateKey: ephemeral.privateKey, publicKey: await importPublicKey({ subtle }, ephemeral.publicKey) }
  const recipientPublicKey = await importPublicKey({ subtle }, recipientKey)
  const { enc, ct } = await createSuite().seal({ recipientPublicKey, info, ekm }, plaintext)
  return concat(new Uint8Array(enc), new Uint8Array(ct))
}

/**
 * Opens a box; undefined when it is for another key or purpose, or altered. The public key is needed too: with the private one alone @hpke/core would
 * compute the public key, and where that is not possible guess it.
 */
export const openBox = async (
  { subtle }: { subtle: SubtleCrypto },
  recipient: AgreementPair,
  { info, sealed }: { readonly info: Bytes; readonly sealed: Bytes },
): Promise<Bytes | undefined> => {
  if (sealed.length < boxOverheadBytes) return undefined
  const publicKey = await importPublicKey({ subtle }, recipient.publicKey)
  const recipientKey = { privateKey: recipient.privateKey, publicKey }
  try {
    const opened = await createSuite().open(
      { recipientKey, enc: sealed.slice(0, encBytes), info },
      sealed.subarray(encBytes),
    )
    return new Uint8Array(opened)
  } catch (error) {
    // The encapsulated key is no point of the curve, or the tag is wrong.
    if (error instanceof DeserializeError || error instanceof OpenError) return undefined
    throw error
  }
}
