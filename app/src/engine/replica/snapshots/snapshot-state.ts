import type { Bytes } from '@tonestead/protocol/bytes'
import type { Confirmation } from '@tonestead/protocol/sync/confirmation'
import type { Snapshot } from '@tonestead/protocol/sync/snapshot'
import type { DocumentId, ItemId } from '@tonestead/protocol/sync/sync-ids'

// What a replica knows of the snapshots of one collection.

/** The opened body of an envelope, from a snapshot. `isChecked`: this device has checked it before. */
export type SnapshotBody = {
  readonly snapshot: ItemId
  readonly name: string
  readonly changes: readonly Bytes[]
  readonly isChecked: boolean
}

/** A snapshot whose parts are opened. `bytes`: its content as `writeSnapshotContent` writes it. */
export type OpenedSnapshot = {
  readonly item: Snapshot
  readonly name: string
  readonly envelopes: readonly (readonly Bytes[])[]
  readonly bytes: Bytes
  readonly isChecked: boolean
  /** Length of the log when its bodies were last given to the envelopes. */
  mappedLength: number
}

/** A snapshot that is being fetched. */
export type Download = { readonly item: Snapshot; readonly parts: (Bytes | undefined)[] }

export type SnapshotState = {
  /** Envelopes of the log whose bodies are not in the journal. */
  readonly bodiless: Set<ItemId>
  /** Bodies of such envelopes, until they are judged. */
  readonly bodies: Map<ItemId, SnapshotBody>
  /** By document: the snapshot in the journal, under which bodies have left it. */
  readonly kept: Map<DocumentId, Snapshot>
  readonly opened: Map<ItemId, OpenedSnapshot>
  readonly downloads: Map<ItemId, Download>
  /** Snapshots whose parts were not there; asked for again at this time (monotonic milliseconds). */
  readonly unavailable: Map<ItemId, number>
  /** Snapshots that are true, and those that are false. */
  readonly checked: Set<ItemId>
  readonly refuted: Set<ItemId>
  /** Own snapshots: that a relay will not place, and of which it has all parts. */
  readonly refused: Set<ItemId>
  readonly stored: Set<ItemId>
  /** Own confirmations, by snapshot. */
  readonly confirmations: Map<ItemId, Confirmation>
}

export const createSnapshotState = (): SnapshotState => ({
  bodiless: new Set(),
  bodies: new Map(),
  kept: new Map(),
  opened: new Map(),
  downloads: new Map(),
  unavailable: new Map(),
  checked: new Set(),
  refuted: new Set(),
  refused: new Set(),
  stored: new Set(),
  confirmations: new Map(),
})
