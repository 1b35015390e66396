import { compactVerify, CompactSign, importJWK } from 'jose'
import { z } from 'zod'
import { fromBase64Url, toBase64Url, utf8 } from './bytes.ts'
import { deviceLogSchema, signingJwkSchema, type SigningJwk } from './device-log.ts'

// Device-signed requests, modelled on DPoP (RFC 9449): a short-lived access token bound to the device key, and a new proof with every request.

/** What an account may do on one media server. */
export const rights = ['listen', 'upload', 'publish', 'administer', 'play-elsewhere'] as const
/** One of `rights`, as JSON carries it in `sessionSchema`. */
export const rightSchema = z.enum(rights)
/** One of `rights`. `play-elsewhere` allows HLS links for other players. */
export type Right = z.infer<typeof rightSchema>

/** Lifetime of an access token, in milliseconds: 10 minutes. */
export const accessTokenLifetimeMs = 600_000
/** How far `iat` of a proof may be from the server's clock, in milliseconds; beyond it the server answers `clock-skewed`. */
export const proofToleranceMs = 120_000

/** Body of POST /api/sessions: the device log, in a request that the device signs. */
export const sessionRequestSchema = z.strictObject({ deviceLog: deviceLogSchema })
/** Answer of POST /api/sessions: the access token and what it stands for. `expiresAt`, `serverTime`: milliseconds since 1970. */
export const sessionSchema = z.object({
  token: z.string(),
  expiresAt: z.number().int(),
  serverTime: z.number().int(),
  account: z.string(),
  device: z.string(),
  rights: z.array(rightSchema),
})
/** Parsed answer of POST /api/sessions. */
export type Session = z.infer<typeof sessionSchema>

/** Body of POST /api/claims: the claim code from the server's console. It makes this account the first administrator. */
export const claimRequestSchema = z.strictObject({ code: z.string().min(8).max(64) })

/** What a device signs in the proof of one request (RFC 9449, 4.2, with the differences of docs/formats.md, 8). */
export type ProofClaims = {
  /** Random, used once. */
  readonly jti: string
  /** Method of the request. */
  readonly htm: string
  /** Path of the request, without query. */
  readonly htu: string
  /** Seconds since 1970. */
  readonly iat: number
  /** Id of the server: a proof for one server is not accepted by another. */
  readonly aud: string
  /** base64url SHA-256 of the access token; absent in the request for a token. */
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

/** Makes the proof of one request: a compact JWS (EdDSA) by the device key, for the header `DPoP`. */
export const signProof = async (
  device: { privateKey: CryptoKey; publicKey: SigningJwk },
  claims: ProofClaims,
): Promise<string> =>
  new CompactSign(utf8(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'dpop+jwt', jwk: device.publicKey })
    .sign(device.privateKey)

/**
 * Verifies a proof and gives its claims and the key that signed it. Undefined when it is malformed or the signature is wrong.
 * The caller checks that it is fresh, for this server and request, and not used before.
 */
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

/** `ath` of a proof: base64url SHA-256 of the access token. It binds the proof to the token. */
export const tokenHash = async (subtle: SubtleCrypto, token: string): Promise<string> =>
  toBase64Url(new Uint8Array(await subtle.digest('SHA-256', utf8(token))))

/** Answer of GET /api/devices: the devices of the caller's account on this server, the one seen last first. Instants are milliseconds since 1970. */
export const deviceListSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      registeredAt: z.number(),
      seenAt: z.number(),
      /** The device that asked. */
      isThis: z.boolean(),
    }),
  ),
})
