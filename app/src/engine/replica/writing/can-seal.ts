import { holdsRole } from '@tonestead/protocol/sync/log/rights'
import type { CollectionState } from '../collection/collection-state.ts'
import { documentIdOf } from '../documents/document-id.ts'
import type { ReplicaContext } from '../replica-context.ts'
import type { ReplicaDevice } from '../replica.ts'

/** Has this device the right to write now? Undefined while nothing of the log is here. */
export const mayWriteNow = ({ log }: CollectionState, device: ReplicaDevice): boolean | undefined =>
  log.now() === undefined ? undefined : holdsRole(log.now(), device, 'editor')

/** May the document be written: the right is not lost, the collection not frozen, and the document of a schema that this version knows? */
export const isWritable = ({ device, rulesOf }: ReplicaContext, state: CollectionState, document: string): boolean =>
  state.alarm === undefined &&
  rulesOf(document) !== undefined &&
  !state.unreadDocuments.has(documentIdOf(state.id, document)) &&
  mayWriteNow(state, device) !== false

/** Could intents be sealed if the epoch were not stale? */
export const canSealLater = (state: CollectionState, device: ReplicaDevice): boolean =>
  state.alarm === undefined && !state.isKeyMissing && !state.isBodyMissing && mayWriteNow(state, device) === true

/**
 * [RP21] May an intent be sealed now? Everything in the log has been read, so that nothing is missed that the new envelope says it has seen; the epoch is not
 * stale, and its key is here.
 */
export const canSeal = (state: CollectionState, device: ReplicaDevice): boolean => {
  const now = state.log.now()
  if (now === undefined || now.isStale || state.alarm !== undefined || state.isKeyMissing) return false
  return mayWriteNow(state, device) === true && state.judged === state.log.length() && state.epochs.has(now.epoch)
}
