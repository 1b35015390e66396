import { parseAccountId, parseDeviceId, parseRecordingId, type AccountId, type DeviceId } from '@tonestead/crdt/ids'
import { compactVerify, CompactSign } from 'jose'
import { z } from 'zod'
import { fromBase64Url, toBase64Url, utf8, type Bytes } from './bytes.ts'
import { agreementJwkSchema, type AgreementJwk } from './device-log.ts'

// ECDH P-256 → HKDF-SHA-256 → AES-KW → unwrapKey: content keys arrive as non-extractable CryptoKeys, so page script never sees a raw key.
// Not a DRM: whoever controls the page can use a key, though not copy it. docs/formats.md, 6.

/** Lifetime of a license, in milliseconds: 30 days. */
export const licenseLifetimeMs = 30 * 86_400_000
/** Most recordings in one license. */
export const maxRecordingsPerLicense = 10_000

/** Longest recording that other players can get by HLS, in milliseconds: 12 hours. A longer playlist would have more than 13,500 segments. */
export const maxHlsDurationMs = 12 * 3_600_000

/** Body of POST /api/licenses: recording ids. The device is the one that signed the request. */
export const licenseRequestSchema = z.strictObject({
  recordings: z
    .array(z.string().regex(/^[a-z2-7]{26}$/))
    .min(1)
    .max(maxRecordingsPerLicense),
})

const wrappedKeySchema = z.object({
  recording: z.string().transform(parseRecordingId),
  keyVersion: z.number().int().positive(),
  /** base64url of 24 bytes: the content key under AES-KW (RFC 3394). */
  wrapped: z.base64url().length(32),
})

/** Payload of a license (docs/formats.md, 6). */
export const licenseSchema = z.object({
  v: z.literal(1),
  serial: z.string(),
  account: z.string().transform(parseAccountId),
  device: z.string().transform(parseDeviceId),
  /** Server time of issue and end of the license, milliseconds since 1970. */
  issuedAt: z.number().int(),
  expiresAt: z.number().int(),
  epk: agreementJwkSchema,
  salt: z.base64url().length(43),
  wrapped: z.array(wrappedKeySchema),
})
/** Parsed `licenseSchema`: content keys still wrapped, ids branded. */
export type License = z.infer<typeof licenseSchema>

/**
 * Answer of POST /api/licenses: the license as a compact JWS, and the requested recordings without a key for this account
 * (unknown, withdrawn, or no right).
 */
export const licenseGrantSchema = z.object({ license: z.string(), denied: z.array(z.string()) })
/** Parsed answer of POST /api/licenses. */
export type LicenseGrant = z.infer<typeof licenseGrantSchema>

/** Body of POST /api/hls-links. */
export const hlsLinkRequestSchema = z.strictObject({ recordingId: z.string().regex(/^[a-z2-7]{26}$/) })
/**
 * Answer of POST /api/hls-links: paths for other players. A path is a capability: whoever has it may play until `expiresAt` (milliseconds since 1970).
 */
export const hlsLinkSchema = z.object({
  /** Path of the adaptive AAC playlist. */
  master: z.string(),
  /** Path of the lossless playlist, for recordings that have one. */
  lossless: z.string().optional(),
  expiresAt: z.number().int(),
})
/** Parsed answer of POST /api/hls-links. */
export type HlsLink = z.infer<typeof hlsLinkSchema>

const exportable = { name: 'AES-CBC', length: 128 } as const

const wrappingKey = async (
  subtle: SubtleCrypto,
  keys: { mine: CryptoKey; theirs: CryptoKey },
  terms: { salt: Bytes; info: Bytes; usages: KeyUsage[] },
): Promise<CryptoKey> => {
  const shared = await subtle.deriveKey({ name: 'ECDH', public: keys.theirs }, keys.mine, { name: 'HKDF' }, false, [
    'deriveKey',
  ])
  return subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: terms.salt, info: terms.info },
    shared,
    { name: 'AES-KW', length: 256 },
    false,
    terms.usages,
  )
}

/** HKDF info of the wrapping key. A license with altered terms, or for another device, gives another wrapping key and cannot be unwrapped. */
const termsOf = (license: Pick<License, 'serial' | 'account' | 'device' | 'issuedAt' | 'expiresAt'>): Bytes =>
  utf8(
    ['tonestead/license/v1', license.serial, license.account, license.device, license.issuedAt, license.expiresAt].join(
      '|',
    ),
  )

const importAgreement = (subtle: SubtleCrypto, key: AgreementJwk): Promise<CryptoKey> =>
  subtle.importKey('jwk', { ...key }, { name: 'ECDH', namedCurve: 'P-256' }, false, [])

/** The terms that a license binds its wrapping key to. Times are milliseconds since 1970. */
export type LicenseTerms = {
  readonly serial: string
  readonly account: AccountId
  readonly device: DeviceId
  readonly issuedAt: number
  readonly expiresAt: number
  /** 32 random bytes. */
  readonly salt: Bytes
}
/** Raw content keys, 16 bytes each. Only the media server ever holds them. */
export type ContentKeys = readonly {
  readonly recording: License['wrapped'][number]['recording']
  readonly keyVersion: number
  readonly key: Bytes
}[]

/** Wraps content keys for one device, with one ephemeral key for all of them, and signs the license: a compact JWS (EdDSA). */
export const sealLicense = async (
  subtle: SubtleCrypto,
  signingKey: CryptoKey,
  grant: { terms: LicenseTerms; device: AgreementJwk; keys: ContentKeys },
): Promise<string> => {
  const ephemeral = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveKey'])
  const { salt, ...terms } = grant.terms
  const theirs = await importAgreement(subtle, grant.device)
  const kek = await wrappingKey(
    subtle,
    { mine: ephemeral.privateKey, theirs },
    { salt, info: termsOf(terms), usages: ['wrapKey'] },
  )
  const { kty, crv, x, y } = await subtle.exportKey('jwk', ephemeral.publicKey)
  const wrapped = await Promise.all(
    grant.keys.map(async ({ recording, keyVersion, key }) => {
      const content = await subtle.importKey('raw', key, exportable, true, ['decrypt'])
      return {
        recording,
        keyVersion,
        wrapped: toBase64Url(new Uint8Array(await subtle.wrapKey('raw', content, kek, 'AES-KW'))),
      }
    }),
  )
  const license = { v: 1, ...terms, epk: { kty, crv, x, y }, salt: toBase64Url(salt), wrapped }
  return new CompactSign(utf8(JSON.stringify(license)))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'tonestead-license' })
    .sign(signingKey)
}

/** Verifies the server's signature. Undefined when it is wrong or the content is no license. The caller checks the expiry. */
export const readLicense = async (serverKey: CryptoKey, jws: string): Promise<License | undefined> => {
  try {
    const { payload } = await compactVerify(jws, serverKey, { algorithms: ['EdDSA'] })
    return licenseSchema.parse(JSON.parse(new TextDecoder().decode(payload)))
  } catch {
    return undefined
  }
}

/**
 * Unwraps the content keys: non-extractable, for decryption only. Rejects with an OperationError when the license is for another device or was altered.
 */
export const openLicense = async (
  subtle: SubtleCrypto,
  agreementKey: CryptoKey,
  license: License,
): Promise<readonly { recording: License['wrapped'][number]['recording']; keyVersion: number; key: CryptoKey }[]> => {
  const theirs = await importAgreement(subtle, license.epk)
  const kek = await wrappingKey(
    subtle,
    { mine: agreementKey, theirs },
    { salt: fromBase64Url(license.salt), info: termsOf(license), usages: ['unwrapKey'] },
  )
  return Promise.all(
    license.wrapped.map(async ({ recording, keyVersion, wrapped }) => ({
      recording,
      keyVersion,
      key: await subtle.unwrapKey('raw', fromBase64Url(wrapped), kek, 'AES-KW', exportable, false, ['decrypt']),
    })),
  )
}
