import type { AgreementPair } from '@tonestead/protocol/sync/keys/agreement-key'
import type { Verifier } from '@tonestead/protocol/sync/keys/verifier'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { JournalWrite } from '../../ports/journal.ts'
import type { CollectionState } from './collection/collection-state.ts'
import type { GoalState } from './goals/goal-state.ts'
import type { LiveState } from './live/live-state.ts'
import type { ReplicaDependencies } from './replica.ts'

/**
 * What one task of the replica has to do when its work in memory is done, in this order: one transaction of the journal, then what is sent, then the
 * listeners [RP1]. So nothing is shown or sent that a crash could take back, if `isStrict`.
 */
export type Turn = {
  readonly writes: JournalWrite[]
  isStrict: boolean
  readonly sends: (() => void)[]
  readonly changed: Set<CollectionId>
}

export const createTurn = (): Turn => ({ writes: [], isStrict: false, sends: [], changed: new Set() })

/** What all functions of the replica work with. */
export type ReplicaContext = ReplicaDependencies & {
  readonly verifier: Verifier
  readonly collections: Map<CollectionId, CollectionState>
  /** Private keys that epoch keys may be sealed to, by key id: of the device, of the account, of invitations. */
  readonly secrets: Map<string, AgreementPair>
  /** Goals that are not reached yet, in the order in which they were set. */
  readonly goals: Set<GoalState>
  /** Does something after this time and then looks at everything again; nothing happens when the replica has ended. */
  readonly wakeAfter: (ms: number, task: () => void) => void
  /** When something is to be done (monotonic milliseconds), by collection and what it is. It outlives a turn that fails, so that each failure does not begin more timers. */
  readonly plans: Map<string, number>
  /** Membership items or private keys came that may open epochs. */
  hasNewKeys: boolean
  readonly live: LiveState
  /** Of the task that runs now. */
  turn: Turn
}
