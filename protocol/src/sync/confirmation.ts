import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '../bytes.ts'
import type { CollectionId, ItemId } from './sync-ids.ts'

// A confirmation: a device has compared a snapshot with the log, and it is true.

/** The header in clear. A device that confirms a snapshot twice makes the same item twice. */
export type ConfirmationHeader = {
  readonly version: 1
  readonly collection: CollectionId
  readonly account: AccountId
  readonly device: DeviceId
  /** The snapshot that was checked. */
  readonly snapshot: ItemId
}

/** A whole confirmation. */
export type Confirmation = {
  readonly kind: 'confirmation'
  readonly id: ItemId
  readonly header: ConfirmationHeader
  readonly headerBytes: Bytes
  readonly signature: Bytes
}
