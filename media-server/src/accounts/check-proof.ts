import { proofToleranceMs, readProof } from '@tonestead/protocol/auth'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import { ProblemError } from '@tonestead/protocol/problem'
import type { Clock } from '../ports/clock.ts'

/** The request that a proof must belong to. `ath` is the hash of the token sent with it; undefined for a request that asks for a token. */
export type ProofRequest = {
  readonly proof: string
  readonly method: string
  readonly path: string
  readonly ath: string | undefined
}

/** The most used proofs in memory. Beyond it requests are refused, because forgetting a proof would allow a replay. */
const maxRemembered = 200_000
const maxProofLength = 4096

/** Returns the key that signed the proof. Throws a ProblemError unless the proof is recent, unused, and made for this very request. */
export const createProofChecker = (deps: { serverId: string; clock: Clock }) => {
  const used = createUsedProofs()
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
    if (!used.add(`${key.x}/${claims.jti}`, now)) throw new ProblemError('proof-replayed')
    return key
  }
}

/** Remembers proofs for as long as they could be replayed, in two generations: the older one is dropped as a whole. */
const createUsedProofs = () => {
  const generationMs = 2 * proofToleranceMs
  let current = new Set<string>()
  let previous = new Set<string>()
  let since = 0
  return {
    /** False when the proof was used before. */
    add: (proof: string, now: number): boolean => {
      if (now - since >= generationMs) {
        previous = now - since >= 2 * generationMs ? new Set() : current
        current = new Set()
        since = now
      }
      if (current.has(proof) || previous.has(proof)) return false
      if (current.size >= maxRemembered)
        throw new ProblemError('rate-limited', 'The server gets too many signed requests. Try again in some minutes.')
      current.add(proof)
      return true
    },
  }
}
