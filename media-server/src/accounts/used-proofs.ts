import { proofToleranceMs } from '@tonestead/protocol/auth'
import { ProblemError } from '@tonestead/protocol/problem'

/** `proof` names a proof; `device` is the key that signed it. */
type Used = { readonly proof: string; readonly device: string; readonly peer: string }

export type ProofStoreLimits = {
  /** Beyond this number each peer and device may add only some more. */
  readonly soft: number
  /** Beyond it every request is refused, because forgetting a proof would allow a replay. */
  readonly hard: number
  /** Proofs of one peer, and of one device, while there is room. */
  readonly share: number
  /** The same when there are more than `soft` proofs. */
  readonly scarceShare: number
}

const generationMs = 2 * proofToleranceMs

/**
 * Remembers proofs for as long as they could be replayed, in two generations: the older one is dropped as a whole. Nobody can fill the store: one peer and one
 * device have a share, and when many peers fill it together, those that have added little may still add some.
 */
export const createUsedProofs = (limits: ProofStoreLimits) => {
  let current = newGeneration()
  let previous = newGeneration()
  let since = 0
  const turnGeneration = (now: number): void => {
    if (now - since < generationMs) return
    previous = now - since >= 2 * generationMs ? newGeneration() : current
    current = newGeneration()
    since = now
  }
  const checkShares = ({ device, peer }: Used): void => {
    const share = current.proofs.size < limits.soft ? limits.share : limits.scarceShare
    const largest = Math.max(current.byPeer.get(peer) ?? 0, current.byDevice.get(device) ?? 0)
    if (current.proofs.size >= limits.hard || largest >= share)
      throw Object.assign(new ProblemError('rate-limited', 'Too many signed requests. Try again in some minutes.'), {
        reason: 'proof-store',
      })
  }
  return {
    /** False when the proof was used before. Throws a ProblemError `rate-limited` when the peer or device has used its share. */
    add: (used: Used, now: number): boolean => {
      turnGeneration(now)
      if (current.proofs.has(used.proof) || previous.proofs.has(used.proof)) return false
      checkShares(used)
      current.proofs.add(used.proof)
      increase(current.byPeer, used.peer)
      increase(current.byDevice, used.device)
      return true
    },
  }
}

const newGeneration = () => ({
  proofs: new Set<string>(),
  byPeer: new Map<string, number>(),
  byDevice: new Map<string, number>(),
})

const increase = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
