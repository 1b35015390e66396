import { findDroppableBodies } from '@tonestead/protocol/sync/log/confirmed-snapshots'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { LogStore } from '../ports/log-store.ts'
import type { HeadCache } from './head-cache.ts'
import { readCompleteSnapshots } from './leave-bodies-out.ts'

export type DropDeps = {
  readonly store: Pick<LogStore, 'snapshots' | 'dropBodies'>
  readonly heads: Pick<HeadCache, 'fresh'>
  readonly onFault: (fault: unknown) => void
}

/** [RC14] Drops the bodies that confirmed snapshots replace: called for a collection when a confirmation has got a place. */
export type BodyDropper = { readonly look: (collection: CollectionId) => void }

/** One collection after the other, each once for all confirmations that came meanwhile. */
export const createBodyDropper = (deps: DropDeps): BodyDropper => {
  const waiting = new Set<CollectionId>()
  let isRunning = false
  const run = async (): Promise<void> => {
    for (const collection of waiting) {
      waiting.delete(collection)
      await dropUnderSnapshots(deps, collection).catch(deps.onFault)
    }
    isRunning = false
  }
  return {
    look: (collection) => {
      waiting.add(collection)
      if (isRunning) return
      isRunning = true
      void run()
    },
  }
}

const dropUnderSnapshots = async ({ store, heads }: DropDeps, collection: CollectionId): Promise<void> => {
  const head = await heads.fresh(collection)
  if (head === undefined) return
  const { snapshots, confirmations } = await readCompleteSnapshots(store, collection)
  for (const bodies of findDroppableBodies(head.state, snapshots, confirmations))
    await store.dropBodies({ collection, ...bodies })
}
