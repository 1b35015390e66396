import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { SignedItem } from '../ports/log-rules.ts'
import type { AppendOutcome } from '../ports/log-store.ts'

/** The items of one collection in their order, and their indexes in the whole call. */
export type CollectionGroup = {
  readonly collection: CollectionId
  readonly items: readonly SignedItem[]
  readonly indexes: readonly number[]
}

/** Groups by collection, in the order of the ids, so that two processes never lock the collections crosswise. */
export const groupByCollection = (items: readonly SignedItem[]): readonly CollectionGroup[] =>
  [...Map.groupBy(items.entries(), ([, { collection }]) => collection)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([collection, entries]) => ({
      collection,
      items: entries.map(([, item]) => item),
      indexes: entries.map(([index]) => index),
    }))

/** Collects the outcomes of groups in the order of the whole call. */
export const createOutcomes = () => {
  const outcomes: AppendOutcome[] = []
  return {
    put: ({ indexes }: CollectionGroup, judged: readonly AppendOutcome[]): void => {
      for (const [place, index] of indexes.entries()) {
        const outcome = judged[place]
        if (outcome !== undefined) outcomes[index] = outcome
      }
    },
    all: (): readonly AppendOutcome[] => outcomes,
  }
}
