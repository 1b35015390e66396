import type { RecordingId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'

/**
 * Stores, for each recording, the list of the parts of its sealed master (docs/formats.md, "Master"). The parts themselves are in the object store.
 * Methods may be called concurrently.
 */
export type MasterStore = {
  /** Replaces the list. Durable when it resolves. Rejects with the problem `storage-full` when the disk is full. */
  put(id: RecordingId, list: Bytes): Promise<void>
  /** Undefined when the recording has no master yet. */
  get(id: RecordingId): Promise<Bytes | undefined>
  /** All recordings that have a master, in no order. */
  list(): Promise<readonly RecordingId[]>
}
