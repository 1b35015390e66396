import { pursueGoals } from '../goals/pursue-goals.ts'
import { openEpochs } from '../keys/open-epochs.ts'
import { deliver } from '../links/deliver.ts'
import type { LinkState } from '../links/link-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { sealIntents, type Sealed } from '../writing/seal-intents.ts'
import type { CollectionState } from './collection-state.ts'
import { settle } from './settle.ts'

/**
 * What follows from any change of a collection, in this order: keys, the log and pending envelopes, intents that can be sealed now, goals, and what is to be
 * sent. Gives what became of the intents.
 */
export const bringUpToDate = async (
  context: ReplicaContext,
  links: readonly LinkState[],
  state: CollectionState,
): Promise<Sealed> => {
  const others = await openNewKeys(context, state)
  for (const other of others) await bringUpToDate(context, links, other)
  await settle(context, state)
  const sealed = await sealIntents(context, state)
  await pursueGoals(context, links, state)
  deliver(context, links, state)
  return sealed
}

/** Keys of the account can open epochs of other collections. Gives those of which something was waiting for them. */
const openNewKeys = async (context: ReplicaContext, state: CollectionState): Promise<CollectionState[]> => {
  if (!context.hasNewKeys) return []
  context.hasNewKeys = false
  const before = new Map([...context.collections.values()].map((each) => [each, each.epochs.size]))
  await openEpochs(context)
  return [...before].flatMap(([each, epochs]) => (each !== state && each.epochs.size > epochs ? [each] : []))
}
