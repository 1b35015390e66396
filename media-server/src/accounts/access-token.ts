import { parseAccountId, parseDeviceId, type AccountId, type DeviceId } from '@tonestead/crdt/ids'
import { accessTokenLifetimeMs } from '@tonestead/protocol/auth'
import type { Bytes } from '@tonestead/protocol/bytes'
import { ProblemError } from '@tonestead/protocol/problem'
import { errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Clock } from '../ports/clock.ts'

/** The account and device that a token was issued to. */
type TokenHolder = { readonly account: AccountId; readonly device: DeviceId }

export type AccessTokens = {
  sign(holder: TokenHolder): Promise<{ readonly token: string; readonly expiresAt: number }>
  /** Throws a ProblemError `token-expired` or `proof-invalid`. */
  read(token: string): Promise<TokenHolder>
}

const claimsSchema = z.object({ sub: z.string().transform(parseAccountId), dev: z.string().transform(parseDeviceId) })

/** Issues and reads access tokens (JWT, HMAC: only this server reads them). A token is useless without a proof signed by its device's key. */
export const createAccessTokens = (deps: { secret: Bytes; serverId: string; clock: Clock }): AccessTokens => ({
  sign: async (holder) => {
    const expiresAt = deps.clock.now() + accessTokenLifetimeMs
    const token = new SignJWT({ dev: holder.device })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject(holder.account)
      .setAudience(deps.serverId)
      .setExpirationTime(Math.floor(expiresAt / 1000))
    return { token: await token.sign(deps.secret), expiresAt }
  },
  read: async (token) => {
    try {
      const options = {
        algorithms: ['HS256'],
        typ: 'at+jwt',
        audience: deps.serverId,
        currentDate: new Date(deps.clock.now()),
      }
      return holderOf((await jwtVerify(token, deps.secret, options)).payload)
    } catch (error) {
      throw new ProblemError(error instanceof errors.JWTExpired ? 'token-expired' : 'proof-invalid', undefined, {
        cause: error,
      })
    }
  },
})

const holderOf = (payload: unknown): TokenHolder => {
  const { sub, dev } = claimsSchema.parse(payload)
  return { account: sub, device: dev }
}
