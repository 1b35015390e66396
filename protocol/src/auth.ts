import { compactVerify, CompactSign, importJWK } from 'jose'
import { z } from 'zod'
import { fromBase64Url, toBase64Url, utf8 } from './bytes.ts'
import { deviceLogSchema, signingJwkSchema, type SigningJwk } from './device-log.ts'

// Device-signed requests after the manner of DPoP (RFC 9449): a short access token bound to the device key, and a fresh proof with every request.

/** What an account may do on one media server; not the roles inside documents. */
export const rights = ['listen', 'upload', 'publish', 'administer', 'play-elsewhere'] as const
export const rightSchema = z.enum(rights)
/** `play-elsewhere` allows HLS links for ordinary players. */
export type Right = z.infer<typeof rightSchema>

export const accessTokenLifetimeMs = 600_000
/** How far a proof's clock may be from the server's. */
export const proofToleranceMs = 120_000

/** POST /api/sessions: the device shows its log, signed by the proof header. */
export const sessionRequestSchema = z.strictObject({ deviceLog: deviceLogSchema })
export const sessionSchema = z.object({
  token: z.string(),
  expiresAt: z.number().int(),
  serverTime: z.number().int(),
  account: z.string(),
  device: z.string(),
  rights: z.array(rightSchema),
})
export type Session = z.infer<typeof sessionSchema>

/** POST /api/claims: the code from the console makes this account the first administrator. */
export const claimRequestSchema = z.strictObject({ code: z.string().min(8).max(64) })

export type ProofClaims = {
  /** Random, used once. */
  readonly jti: string
  /** Method and path (no query) that are signed for. */
  readonly htm: string
  readonly htu: string
  /** Seconds since 1970, as JWT has it. */
  readonly iat: number
  /** The server's id, so that a proof for one server is worth nothing at another. */
  readonly aud: string
  /** base64url SHA-256 of the access token; absent when asking for one. */
  readonly ath?: string | undefined
}
const proofClaimsSchema = z.object({
  jti: z.string().min(8).max(64),
  htm: z.string(),
  htu: z.string(),
  iat: z.number(),
  aud: z.string(),
  ath: z.string().optional(),
})
const proofHeaderSchema = z.object({ alg: z.literal('EdDSA'), typ: z.literal('dpop+jwt'), jwk: signingJwkSchema })

export const signProof = async (
  device: { privateKey: CryptoKey; publicKey: SigningJwk },
  claims: ProofClaims,
): Promise<string> =>
  new CompactSign(utf8(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'dpop+jwt', jwk: device.publicKey })
    .sign(device.privateKey)

/** The claims and the key that signed them; undefined when malformed or the signature does not hold. Freshness and use are the caller's to judge. */
export const readProof = async (proof: string): Promise<{ claims: ProofClaims; key: SigningJwk } | undefined> => {
  try {
    const header = proofHeaderSchema.parse(
      JSON.parse(new TextDecoder().decode(fromBase64Url(proof.split('.')[0] ?? ''))),
    )
    const { payload } = await compactVerify(proof, await importJWK(header.jwk, 'EdDSA'), { algorithms: ['EdDSA'] })
    return { claims: proofClaimsSchema.parse(JSON.parse(new TextDecoder().decode(payload))), key: header.jwk }
  } catch {
    return undefined
  }
}

/** What binds a proof to its access token. */
export const tokenHash = async (subtle: SubtleCrypto, token: string): Promise<string> =>
  toBase64Url(new Uint8Array(await subtle.digest('SHA-256', utf8(token))))
