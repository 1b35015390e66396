import { parseAccountId, parseDeviceId, type AccountId, type DeviceId } from '@tonestead/crdt/ids'
import { compactVerify, CompactSign, importJWK } from 'jose'
import { z } from 'zod'
import { concat, fromBase64Url, toBase32, utf8, type Bytes } from './bytes.ts'

// Who an account is and which devices speak for it: a chain of signed entries, each a compact JWS (EdDSA). docs/formats.md, "Device log".

/** Ed25519 public key (RFC 8037). */
export const signingJwkSchema = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.base64url().length(43),
})
export type SigningJwk = z.infer<typeof signingJwkSchema>
/** ECDH P-256 public key, to which licenses are sealed. */
export const agreementJwkSchema = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.base64url().length(43),
  y: z.base64url().length(43),
})
export type AgreementJwk = z.infer<typeof agreementJwkSchema>

/** The first entry. Signed by the root key, which after it is needed only for recovery. */
export const deviceLogEntrySchema = z.object({
  v: z.literal(1),
  kind: z.literal('account-created'),
  rootKey: signingJwkSchema,
  device: z.object({ signingKey: signingJwkSchema, agreementKey: agreementJwkSchema, name: z.string().min(1).max(80) }),
  at: z.number().int(),
})
export type DeviceLogEntry = z.infer<typeof deviceLogEntrySchema>

export const maxDeviceLogEntries = 64
/** The log as sent: compact JWS strings in order. Entries of kinds to come (pair, remove) extend the union above. */
export const deviceLogSchema = z.array(z.string().max(4096)).min(1).max(maxDeviceLogEntries)

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

export const accountIdOf = async (subtle: SubtleCrypto, rootKey: SigningJwk): Promise<AccountId> =>
  parseAccountId(await keyId(subtle, 'tonestead/account/v1', rootKey))
export const deviceIdOf = async (subtle: SubtleCrypto, signingKey: SigningJwk): Promise<DeviceId> =>
  parseDeviceId(await keyId(subtle, 'tonestead/device/v1', signingKey))

export const signDeviceLogEntry = async (rootKey: CryptoKey, entry: DeviceLogEntry): Promise<string> =>
  new CompactSign(utf8(JSON.stringify(entry)))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'tonestead-device-log' })
    .sign(rootKey)

/** The devices that a log vouches for; undefined when any entry does not hold. */
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
