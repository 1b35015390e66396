import { parseAccountId, parseDeviceId, parseRecordingId, type AccountId, type DeviceId } from '@tonestead/crdt/ids'
import { compactVerify, CompactSign } from 'jose'
import { z } from 'zod'
import { fromBase64Url, toBase64Url, utf8, type Bytes } from './bytes.ts'
import { agreementJwkSchema, type AgreementJwk } from './device-log.ts'

// ECDH P-256 → HKDF-SHA-256 → AES-KW → unwrapKey: content keys arrive as non-extractable CryptoKeys and no raw byte is visible to page script.
// Not a DRM: who controls the page can use a key, though not copy it. docs/formats.md, "License".

export const licenseLifetimeMs = 30 * 86_400_000
export const maxRecordingsPerLicense = 10_000

/** POST /api/licenses. Which device is meant follows from the signed request. */
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

export const licenseSchema = z.object({
  v: z.literal(1),
  serial: z.string(),
  account: z.string().transform(parseAccountId),
  device: z.string().transform(parseDeviceId),
  /** Signed server time and end of the license, milliseconds since 1970. */
  issuedAt: z.number().int(),
  expiresAt: z.number().int(),
  epk: agreementJwkSchema,
  salt: z.base64url().length(43),
  wrapped: z.array(wrappedKeySchema),
})
export type License = z.infer<typeof licenseSchema>

/** Recordings without a key for this account (unknown, withdrawn, no right) are named, not silently left out. */
export const licenseGrantSchema = z.object({ license: z.string(), denied: z.array(z.string()) })
export type LicenseGrant = z.infer<typeof licenseGrantSchema>

/** POST /api/hls-links: playlists for players that are not ours. The path is a capability: whoever has it may play until it ends. */
export const hlsLinkRequestSchema = z.strictObject({ recordingId: z.string().regex(/^[a-z2-7]{26}$/) })
export const hlsLinkSchema = z.object({
  /** Path of the adaptive AAC playlist. */
  master: z.string(),
  /** Path of the lossless playlist, for recordings that have one. */
  lossless: z.string().optional(),
  expiresAt: z.number().int(),
})
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

/** Account, device, serial and times bind the wrapping key: a license altered or shown elsewhere unwraps nothing. */
const termsOf = (license: Pick<License, 'serial' | 'account' | 'device' | 'issuedAt' | 'expiresAt'>): Bytes =>
  utf8(
    ['tonestead/license/v1', license.serial, license.account, license.device, license.issuedAt, license.expiresAt].join(
      '|',
    ),
  )

const importAgreement = (subtle: SubtleCrypto, key: AgreementJwk): Promise<CryptoKey> =>
  subtle.importKey('jwk', { ...key }, { name: 'ECDH', namedCurve: 'P-256' }, false, [])

export type LicenseTerms = {
  readonly serial: string
  readonly account: AccountId
  readonly device: DeviceId
  readonly issuedAt: number
  readonly expiresAt: number
  /** 32 random bytes. */
  readonly salt: Bytes
}
/** Raw content keys, 16 bytes each: only the media server ever holds them. */
export type ContentKeys = readonly {
  readonly recording: License['wrapped'][number]['recording']
  readonly keyVersion: number
  readonly key: Bytes
}[]

/** One ephemeral key for the whole batch; the result is signed by the server (compact JWS, EdDSA). */
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

/** Checks the server's signature; undefined when it does not hold or the content is no license. Expiry is the caller's to judge. */
export const readLicense = async (serverKey: CryptoKey, jws: string): Promise<License | undefined> => {
  try {
    const { payload } = await compactVerify(jws, serverKey, { algorithms: ['EdDSA'] })
    return licenseSchema.parse(JSON.parse(new TextDecoder().decode(payload)))
  } catch {
    return undefined
  }
}

/** The content keys, non-extractable, for decrypting only. Rejects with an OperationError when the license was made for another device. */
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
