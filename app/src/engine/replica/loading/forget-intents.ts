import type { ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { CollectionState } from '../collection/collection-state.ts'
import { ownKey } from '../journal-keys.ts'
import type { ReplicaContext } from '../replica-context.ts'

/** Far more than a relay loses of a log, and than a tab has without an answer. */
const keptIntents = 2_000

/** [RP35] Deletes the intents of own envelopes that have had their place in the log for long. Called when the journal was read. */
export const forgetOldIntents = (
  { turn }: Pick<ReplicaContext, 'turn'>,
  { id: scope, own, log }: Pick<CollectionState, 'id' | 'own' | 'log'>,
  kept: number = keptIntents,
): void => {
  for (const id of placedNewestFirst(own.keys(), log).slice(kept)) {
    own.delete(id)
    turn.writes.push({ kind: 'delete', table: 'intents', scope, key: ownKey(id) })
  }
}

const placedNewestFirst = (ids: Iterable<ItemId>, log: CollectionState['log']): readonly ItemId[] =>
  [...ids]
    .flatMap((id) => {
      const seq = log.seqOf(id)
      return seq === undefined ? [] : [{ id, seq }]
    })
    .toSorted((a, b) => b.seq - a.seq)
    .map(({ id }) => id)
