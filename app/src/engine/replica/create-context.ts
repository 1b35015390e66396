import { keyIdOf } from '@tonestead/protocol/sync/keys/agreement-key'
import { createVerifier } from '@tonestead/protocol/sync/keys/verifier'
import type { ReplicaDependencies } from './replica.ts'
import { createLiveState } from './live/live-state.ts'
import { createTurn, type ReplicaContext } from './replica-context.ts'

/** The context of a replica of which nothing is loaded yet. */
export const createContext = (
  dependencies: ReplicaDependencies,
  wakeAfter: ReplicaContext['wakeAfter'],
  fence = 0,
): ReplicaContext => {
  const { sealing } = dependencies.device
  return {
    ...dependencies,
    verifier: createVerifier(dependencies),
    collections: new Map(),
    secrets: new Map([[keyIdOf(sealing.publicKey), sealing]]),
    goals: new Set(),
    wakeAfter,
    plans: new Map(),
    hasNewKeys: false,
    live: createLiveState(dependencies.clock, fence),
    turn: createTurn(),
  }
}
