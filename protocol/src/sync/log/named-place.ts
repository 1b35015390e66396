import type { LogFacts, MembershipState, NeverReason, Verdict } from '../log-state.ts'
import type { ChainHash, EpochId } from '../sync-ids.ts'
import { never, wait } from './verdict.ts'

// What an item says about a place of the log: `seen` of an envelope, `place` of a snapshot.

/** [LE1] [LE2] The place must exist, and its chain hash must be the log's own. */
export const findPlaceFault = (
  { length, named }: LogFacts,
  place: { readonly seq: number; readonly chain: ChainHash },
): Verdict | undefined => {
  if (place.seq > length || named === undefined) return wait('seen-ahead')
  return named.chain === place.chain ? undefined : never('seen-off-chain')
}

/** [LE9] What is sealed must be sealed under the epoch at the place that its author had read, and that epoch must not be stale there. */
export const findEpochFault = ({ named }: LogFacts, epoch: EpochId): NeverReason | undefined => {
  const state: MembershipState | undefined = named?.state
  if (state?.epoch !== epoch) return 'epoch-wrong'
  return state.isStale ? 'epoch-stale' : undefined
}
