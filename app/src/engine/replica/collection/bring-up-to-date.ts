import { planChecked } from '../checked/keep-checked.ts'
import { pursueGoals } from '../goals/pursue-goals.ts'
import { openEpochs } from '../keys/open-epochs.ts'
import { deliver } from '../links/deliver.ts'
import type { LinkState } from '../links/link-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { checkSnapshots } from '../snapshots/check-snapshots.ts'
import { makeSnapshots } from '../snapshots/make-snapshots.ts'
import { offerSnapshots } from '../snapshots/offer-snapshots.ts'
import { requestSnapshots } from '../snapshots/request-snapshots.ts'
import { sealIntents, type Sealed } from '../writing/seal-intents.ts'
import type { CollectionState } from './collection-state.ts'
import { settle } from './settle.ts'

/**
 * What follows from any change of a collection, in this order: keys, snapshots that have come, the log and pending envelopes, intents that can be sealed now,
 * goals, new snapshots, and what is to be sent. Gives what became of the intents.
 */
export const bringUpToDate = async (
  context: ReplicaContext,
  links: readonly LinkState[],
  state: CollectionState,
): Promise<Sealed> => {
  if (context.hasNewKeys) {
    context.hasNewKeys = false
    await openEpochs(context)
    // Keys of the account may open epochs of any collection, and each must learn of a device that was removed.
    for (const other of context.collections.values()) if (other !== state) await bringUpToDate(context, links, other)
  }
  await settle(context, state)
  await checkSnapshots(context, state)
  const sealed = await sealIntents(context, state)
  await pursueGoals(context, links, state)
  await makeSnapshots(context, state)
  deliver(context, links, state)
  await offerSnapshots(context, links, state)
  requestSnapshots(context, links, state)
  planChecked(context, state)
  return sealed
}
