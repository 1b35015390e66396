import { textOf } from '@tonestead/crdt/documents/document-text'
import { shownIds, type AnySlots } from '@tonestead/crdt/slots/slot-list'
import { holdsRole } from '@tonestead/protocol/sync/log/rights'
import type { MembershipState } from '@tonestead/protocol/sync/log-state'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Replica } from '../../../app/src/engine/replica/replica.ts'
import type { SimulatedDevice } from '../world/model.ts'

// What a device shows.

const showOf = (replica: Replica, collection: CollectionId, document: string): AnySlots | undefined => {
  const shown = replica.show(collection, document) as AnySlots | undefined
  return shown?.seq === undefined ? undefined : shown
}

export const entriesOf = (replica: Replica, collection: CollectionId, document: string): readonly string[] => {
  const shown = showOf(replica, collection, document)
  return shown === undefined ? [] : shownIds(shown)
}

/** A document as text, so that two can be compared. One of which nothing is here shows the same as an empty one. */
export const pictureOf = (replica: Replica, collection: CollectionId, document: string): string => {
  const shown = showOf(replica, collection, document) as (AnySlots & { title?: unknown }) | undefined
  const entries = shown === undefined ? [] : shownIds(shown)
  return JSON.stringify([entries, Object.keys(shown?.entries ?? {}).toSorted(), textOf(shown?.title)])
}

/** May the device write, as far as it knows? */
export const mayEdit = (device: SimulatedDevice, collection: CollectionId): boolean => {
  const status = device.replica().status(collection)
  return status?.kind === 'open' && (status.role === 'editor' || status.role === 'owner')
}

export const isStanding = (state: MembershipState | undefined, device: SimulatedDevice): boolean =>
  holdsRole(state, device, 'viewer')
