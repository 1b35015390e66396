import { parseAccountId, parseDeviceId, type AccountId, type DeviceId } from '@tonestead/crdt/ids'
import { compactVerify, CompactSign, importJWK } from 'jose'
import { z } from 'zod'
import { concat, fromBase64Url, toBase32, utf8, type Bytes } from './bytes.ts'

// The device log: signed entries that say which devices belong to an account. docs/formats.md, 7.

/** Ed25519 public key as a JWK (RFC 8037). */
export const signingJwkSchema = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.base64url().length(43),
})
/** Parsed `signingJwkSchema`. */
export type SigningJwk = z.infer<typeof signingJwkSchema>
/** ECDH P-256 public key as a JWK; licenses are encrypted to it. */
export const agreementJwkSchema = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.base64url().length(43),
  y: z.base64url().length(43),
})
/** Parsed `agreementJwkSchema`. */
export type AgreementJwk = z.infer<typeof agreementJwkSchema>

/** Payload of the first entry of a device log. The root key signs it and is needed again only for recovery. `at`: milliseconds since 1970. */
export const deviceLogEntrySchema = z.object({
  v: z.literal(1),
  kind: z.literal('account-created'),
  rootKey: signingJwkSchema,
  device: z.object({ signingKey: signingJwkSchema, agreementKey: agreementJwkSchema, name: z.string().min(1).max(80) }),
  at: z.number().int(),
})
/** Parsed `deviceLogEntrySchema`. */
export type DeviceLogEntry = z.infer<typeof deviceLogEntrySchema>

/** Most devices of one account that stand at the same time. */
export const maxStandingDevices = 5
/** Most entries in one device log. */
export const maxDeviceLogEntries = 256
/** Longest entry in characters. */
export const maxDeviceLogEntryLength = 8192
/** A device log in POST /api/sessions: one compact JWS, or the membership items of the personal collection in base64url, oldest first. */
export const deviceLogSchema = z.array(z.string().max(maxDeviceLogEntryLength)).min(1).max(maxDeviceLogEntries)

/** A device that a verified device log names. */
export type KnownDevice = {
  readonly account: AccountId
  readonly device: DeviceId
  readonly signingKey: SigningJwk
  readonly agreementKey: AgreementJwk
  readonly name: string
}

const keyId = async (subtle: SubtleCrypto, purpose: string, key: SigningJwk): Promise<string> => {
  const named: Bytes = concat(utf8(purpose), fromBase64Url(key.x))
  return toBase32(new Uint8Array(await subtle.digest('SHA-256', named)))
}

/** The account id of a root key: base32 of SHA-256 over `tonestead/account/v1` and the 32 bytes of the key. */
export const accountIdOf = async (subtle: SubtleCrypto, rootKey: SigningJwk): Promise<AccountId> =>
  parseAccountId(await keyId(subtle, 'tonestead/account/v1', rootKey))
/** The device id of a signing key: base32 of SHA-256 over `tonestead/device/v1` and the 32 bytes of the key. */
export const deviceIdOf = async (subtle: SubtleCrypto, signingKey: SigningJwk): Promise<DeviceId> =>
  parseDeviceId(await keyId(subtle, 'tonestead/device/v1', signingKey))

/** Signs an entry with the root key: a compact JWS (EdDSA). */
export const signDeviceLogEntry = async (rootKey: CryptoKey, entry: DeviceLogEntry): Promise<string> =>
  new CompactSign(utf8(JSON.stringify(entry)))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'tonestead-device-log' })
    .sign(rootKey)

/** Verifies a device log of one JWS and gives its device; undefined when it is invalid. `readAccountLog` reads both forms. */
export const readDeviceLog = async (
  subtle: SubtleCrypto,
  log: readonly string[],
): Promise<readonly KnownDevice[] | undefined> => {
  const [first, ...rest] = log
  if (first === undefined || rest.length > 0) return undefined
  const entry = await openFirstEntry(first)
  if (entry === undefined) return undefined
  const account = await accountIdOf(subtle, entry.rootKey)
  return [{ account, device: await deviceIdOf(subtle, entry.device.signingKey), ...entry.device }]
}

const openFirstEntry = async (jws: string): Promise<DeviceLogEntry | undefined> => {
  try {
    const claimed = deviceLogEntrySchema.parse(
      JSON.parse(new TextDecoder().decode(fromBase64Url(jws.split('.')[1] ?? ''))),
    )
    await compactVerify(jws, await importJWK(claimed.rootKey, 'EdDSA'), { algorithms: ['EdDSA'] })
    return claimed
  } catch {
    return undefined
  }
}
