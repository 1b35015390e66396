import { proofToleranceMs, readProof } from '@tonestead/protocol/auth'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import { ProblemError } from '@tonestead/protocol/problem'
import type { Clock } from '../ports/clock.ts'
import { createUsedProofs } from './used-proofs.ts'

/** The request that a proof must belong to. `ath` is the hash of the token sent with it; undefined for a request that asks for a token. */
export type ProofRequest = {
  readonly proof: string
  readonly method: string
  readonly path: string
  readonly ath: string | undefined
  /** The address that the request came from: each has a share of the store of used proofs. */
  readonly peer: string
}

/** About 40 MB when it is full. */
const maxRemembered = { soft: 200_000, hard: 400_000, scarceShare: 500 }
const maxProofLength = 4096

/** Returns the key that signed the proof. Throws a ProblemError unless the proof is recent, unused, and made for this very request. `share`: how many proofs of one peer, and of one device, are remembered. */
export const createProofChecker = (deps: { serverId: string; clock: Clock; share: number }) => {
  const used = createUsedProofs({ ...maxRemembered, share: deps.share })
  return async (request: ProofRequest): Promise<SigningJwk> => {
    const read = request.proof.length > maxProofLength ? undefined : await readProof(request.proof)
    if (read === undefined) throw new ProblemError('proof-invalid')
    const { claims, key } = read
    const isForThis =
      claims.htm === request.method &&
      claims.htu === request.path &&
      claims.aud === deps.serverId &&
      claims.ath === request.ath
    if (!isForThis) throw new ProblemError('proof-invalid', 'The proof was made for another request, server or token.')
    const now = deps.clock.now()
    const skewMs = Math.abs(claims.iat * 1000 - now)
    if (skewMs > proofToleranceMs)
      throw new ProblemError('clock-skewed', `The clock of this device is off by ${Math.round(skewMs / 1000)} seconds.`)
    if (!used.add({ proof: `${key.x}/${claims.jti}`, device: key.x, peer: request.peer }, now))
      throw new ProblemError('proof-replayed')
    return key
  }
}
