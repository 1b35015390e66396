import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { p256 } from '@noble/curves/nist.js'
import {
  concat,
  fromBase32,
  fromBase64Url,
  isBase64UrlOf,
  readUint,
  toBase32,
  toBase64Url,
  uint,
  utf8,
  type Bytes,
} from '../../bytes.ts'
import type { AgreementJwk } from '../../device-log.ts'

// P-256 keys that other keys are sealed to.

/** A key pair for HPKE. The private key is not extractable and may `deriveBits`. HPKE needs both: a platform may not tell the public key from it. */
export type AgreementPair = { readonly publicKey: AgreementJwk; readonly privateKey: CryptoKey }

const curve = { name: 'ECDH', namedCurve: 'P-256' } as const

/**
 * The id of a key: its compressed point (SEC 1, 2.3.3: 02 or 03, then x) in base32, 53 characters. One key has one id, also where it is written as a JWK
 * with other unused bits; so `isAgreementKey` refuses those.
 */
export const keyIdOf = (key: AgreementJwk): string => toBase32(keyToBytes(key))

const keyToBytes = (key: AgreementJwk): Bytes => {
  const y = fromBase64Url(key.y)
  return concat(uint(2 + (readUint(y, y.length - 1, 1) & 1), 1), fromBase64Url(key.x))
}

/** Is the text an id as `keyIdOf` writes it? It begins with a byte 2 or 3, and its 53 characters carry one bit more than 33 bytes. */
export const isKeyId = (text: string): boolean => /^a[i-p][a-z2-7]{50}[acegikmoqsuwy246]$/.test(text)
/** The 33 bytes of a key id. Throws a TypeError on anything else. */
export const keyIdToBytes = (id: string): Bytes => {
  if (!isKeyId(id)) throw new TypeError('not a key id')
  return fromBase32(id)
}

/**
 * Is the key a point of P-256 in canonical base64url? Checked before a key gets into a log: an epoch has to be sealed to it, and one bad key would make
 * that impossible for everyone.
 */
export const isAgreementKey = (key: AgreementJwk): boolean => {
  if (!isBase64UrlOf(key.x, 32) || !isBase64UrlOf(key.y, 32)) return false
  const [x, y] = [numberOf(fromBase64Url(key.x)), numberOf(fromBase64Url(key.y))]
  const { p, a, b } = p256.Point.CURVE()
  return x < p && y < p && (y * y - (x * x * x + a * x + b)) % p === 0n
}

const numberOf = (bytes: Bytes): bigint => bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n)

const suiteId = concat(utf8('KEM'), uint(0x0010, 2))
const labelled = (label: string, ...parts: readonly Bytes[]): Bytes =>
  concat(utf8('HPKE-v1'), suiteId, utf8(label), ...parts)

/** The private scalar of DeriveKeyPair of RFC 9180, 7.1.3, for DHKEM(P-256, HKDF-SHA256). */
const deriveScalar = (ikm: Bytes): Bytes => {
  const prk = extract(sha256, labelled('dkp_prk', ikm), new Uint8Array(0))
  for (let counter = 0; counter < 256; counter += 1) {
    const info = concat(uint(32, 2), labelled('candidate', uint(counter, 1)))
    const candidate = new Uint8Array(expand(sha256, prk, info, 32))
    if (p256.utils.isValidSecretKey(candidate)) return candidate
  }
  throw new Error('no key pair: cannot happen (2^-8192)')
}

/**
 * The key pair that follows from 32 secret bytes: DeriveKeyPair of RFC 9180. The public key is computed here and not asked of the platform: Firefox does
 * not export it for a private key that was imported without it, and @hpke/core then guesses the sign of y.
 */
export const deriveAgreementPair = async (
  { subtle }: { subtle: SubtleCrypto },
  secret: Bytes,
  options: { readonly isExtractable: boolean } = { isExtractable: false },
): Promise<AgreementPair> => {
  const scalar = deriveScalar(secret)
  const point = new Uint8Array(p256.getPublicKey(scalar, false))
  const publicKey: AgreementJwk = {
    kty: 'EC',
    crv: 'P-256',
    x: toBase64Url(point.subarray(1, 33)),
    y: toBase64Url(point.subarray(33)),
  }
  return { publicKey, privateKey: await importAgreementKey({ subtle }, { publicKey, scalar }, options) }
}

/** Imports a private key for HPKE from its public key and the 32 bytes of its scalar, as they travel in a box. Rejects when they do not belong together. */
export const importAgreementKey = (
  { subtle }: { subtle: SubtleCrypto },
  { publicKey, scalar }: { publicKey: AgreementJwk; scalar: Bytes },
  { isExtractable }: { readonly isExtractable: boolean } = { isExtractable: false },
): Promise<CryptoKey> =>
  subtle.importKey('jwk', { ...publicKey, d: toBase64Url(scalar) }, curve, isExtractable, ['deriveBits'])

/** The 32 bytes of the scalar of an extractable private key. */
export const exportScalar = async ({ subtle }: { subtle: SubtleCrypto }, privateKey: CryptoKey): Promise<Bytes> =>
  fromBase64Url((await subtle.exportKey('jwk', privateKey)).d ?? '')

/** Imports a public key for HPKE. */
export const importPublicKey = ({ subtle }: { subtle: SubtleCrypto }, key: AgreementJwk): Promise<CryptoKey> =>
  subtle.importKey('jwk', { ...key }, curve, true, [])
