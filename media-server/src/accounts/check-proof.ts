import { proofToleranceMs, readProof } from '@tonestead/protocol/auth'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import { ProblemError } from '@tonestead/protocol/problem'
import type { Clock } from '../ports/clock.ts'

/** What a proof is to be for. `ath` is the hash of the token shown with it; undefined when a token is asked for. */
export type ProofFor = {
  readonly proof: string
  readonly method: string
  readonly path: string
  readonly ath: string | undefined
}

/** Bounds the memory of used proofs: beyond it requests are turned away rather than replays let in. */
const maxRemembered = 200_000
const maxProofLength = 4096

/** Gives the key that signed a fresh, unused proof for this very request; throws a ProblemError otherwise. */
export const createProofChecker = (deps: { serverId: string; clock: Clock }) => {
  const used = createUsedProofs()
  return async (request: ProofFor): Promise<SigningJwk> => {
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

/** Remembers proofs for as long as they could be shown again, in two generations of which the older is dropped whole. */
const createUsedProofs = () => {
  const generationMs = 2 * proofToleranceMs
  let current = new Set<string>()
  let previous = new Set<string>()
  let since = 0
  return {
    /** False when it was used before. */
    add: (proof: string, now: number): boolean => {
      if (now - since >= generationMs) {
        previous = now - since >= 2 * generationMs ? new Set() : current
        current = new Set()
        since = now
      }
      if (current.has(proof) || previous.has(proof)) return false
      if (current.size >= maxRemembered)
        throw new ProblemError('rate-limited', 'The server sees too many signed requests; try again in some minutes.')
      current.add(proof)
      return true
    },
  }
}
