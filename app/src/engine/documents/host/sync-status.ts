import type { CollectionStatus } from '../../replica/replica.ts'
import type { SyncStatus } from '../documents.ts'

/** What the status of a collection follows from. Times: UTC, ms. */
export type SyncFacts = {
  readonly collection: CollectionStatus
  /** When an open connection confirmed that nothing is newer [RP27]. */
  readonly confirmedAtMs: number | undefined
  /** The same of the last connection, which is closed now. */
  readonly lastConfirmedAtMs: number | undefined
  readonly isConnected: boolean
  /** The last write to the journal failed. */
  readonly hasStorageFailed: boolean
}

/** [DO9] What a person is told: what only a person can solve comes first, then what waits, then whether anything is known. */
export const syncStatusOf = (facts: SyncFacts): SyncStatus => {
  const { collection, confirmedAtMs, lastConfirmedAtMs, isConnected } = facts
  const reason = needOf(facts)
  if (reason !== undefined) return { kind: 'needs-you', reason }
  const changes = collection.pending + collection.waiting
  if (changes > 0) return { kind: 'waiting', changes, isConnected }
  return confirmedAtMs === undefined
    ? { kind: 'offline', atMs: lastConfirmedAtMs }
    : { kind: 'synced', atMs: confirmedAtMs }
}

type Need = Extract<SyncStatus, { kind: 'needs-you' }>['reason']

/** A key that is missing while the log still comes may come with it. */
const needOf = ({ collection, hasStorageFailed, confirmedAtMs }: SyncFacts): Need | undefined => {
  if (hasStorageFailed) return 'storage-failed'
  if (collection.kind === 'frozen') return 'frozen'
  if (collection.needsUpdate) return 'update-needed'
  return collection.isKeyMissing && confirmedAtMs !== undefined ? 'key-missing' : undefined
}
