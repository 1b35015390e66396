import { parseAccountId, parseDeviceId, type AccountId, type DeviceId } from '@tonestead/crdt/ids'
import { compactVerify, CompactSign, importJWK } from 'jose'
import { z } from 'zod'
import { fromBase64Url, utf8 } from './bytes.ts'
import { signingJwkSchema, type SigningJwk } from './device-log.ts'

// A media server's word that an account may use a relay: a compact JWS (EdDSA) by the server's signing key, `typ` tonestead-relay-pass. docs/formats.md, "Relay passes".

const passType = 'tonestead-relay-pass'

/** Lifetime of a pass in milliseconds: 10 minutes. The relay remembers the account, so a device needs one once. */
export const relayPassLifetimeMs = 600_000

/** What a pass says: this device of this account may use the relay with the public key `relay` (base64url) until `expiresAt` (milliseconds since 1970). */
export type RelayPass = {
  readonly account: AccountId
  readonly device: DeviceId
  readonly relay: string
  readonly expiresAt: number
}

const passSchema = z.strictObject({
  v: z.literal(1),
  account: z.string().transform(parseAccountId),
  device: z.string().transform(parseDeviceId),
  relay: signingJwkSchema.shape.x,
  expiresAt: z.number().int(),
})

/** Body of POST /api/relay-passes: the public key of the relay, as its challenge names it. A pass for one relay is of no use at another. */
export const relayPassRequestSchema = z.strictObject({ relay: signingJwkSchema.shape.x })
/** Answer of POST /api/relay-passes: the pass, for `authenticate`, and when it ends (milliseconds since 1970). */
export const relayPassAnswerSchema = z.object({ pass: z.string().max(4096), expiresAt: z.number().int() })

/** Signs a pass with the media server's key. */
export const signRelayPass = (privateKey: CryptoKey, pass: RelayPass): Promise<string> =>
  new CompactSign(utf8(JSON.stringify({ v: 1, ...pass })))
    .setProtectedHeader({ alg: 'EdDSA', typ: passType })
    .sign(privateKey)

/** Reads a pass that the media server with this key has signed. Undefined for anything else; the caller compares its contents and the time. */
export const readRelayPass = async (jws: string, serverKey: SigningJwk): Promise<RelayPass | undefined> => {
  try {
    const header = z
      .object({ typ: z.literal(passType) })
      .safeParse(JSON.parse(new TextDecoder().decode(fromBase64Url(jws.split('.')[0] ?? ''))))
    if (!header.success) return undefined
    const { payload } = await compactVerify(jws, await importJWK(serverKey, 'EdDSA'), { algorithms: ['EdDSA'] })
    const { account, device, relay, expiresAt } = passSchema.parse(JSON.parse(new TextDecoder().decode(payload)))
    return { account, device, relay, expiresAt }
  } catch {
    return undefined
  }
}
