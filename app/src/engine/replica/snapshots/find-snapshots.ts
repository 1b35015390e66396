import { isConfirmed } from '@tonestead/protocol/sync/log/confirmed-snapshots'
import type { Snapshot } from '@tonestead/protocol/sync/snapshot'
import type { DocumentId } from '@tonestead/protocol/sync/sync-ids'
import type { CollectionState } from '../collection/collection-state.ts'
import { mayWriteNow } from '../writing/can-seal.ts'
import type { ReplicaContext } from '../replica-context.ts'

/** The snapshots of a document in the log that are not known to be false; the newest place first. */
export const snapshotsOf = ({ log, snapshots }: CollectionState, document: DocumentId): readonly Snapshot[] =>
  log
    .snapshots()
    .filter(({ id, header }) => header.document === document && !snapshots.refuted.has(id))
    .toSorted((a, b) => b.header.place.seq - a.header.place.seq)

/** The lowest place of a document whose body is missing, among those that are not judged; undefined when none is. */
export const firstMissing = ({ log, snapshots, judged }: CollectionState, document: DocumentId): number | undefined => {
  if (judged === log.length()) return undefined
  return log.placesOf(document).find((seq) => {
    const id = seq > judged ? log.at(seq)?.item.id : undefined
    return id !== undefined && snapshots.bodiless.has(id) && !snapshots.bodies.has(id)
  })
}

/** Does a confirmation by this device help? [LS4] */
export const wantsConfirmation = ({ device }: ReplicaContext, state: CollectionState, item: Snapshot): boolean => {
  const now = state.log.now()
  if (now === undefined || state.alarm !== undefined || mayWriteNow(state, device) !== true) return false
  const confirmations = state.log.confirmations()
  if (confirmations.some(({ snapshot, device: by }) => snapshot === item.id && by === device.device)) return false
  if (now.kind === 'personal') return item.header.device !== device.device
  return item.header.account !== device.account && !isConfirmed(now, item, confirmations)
}
