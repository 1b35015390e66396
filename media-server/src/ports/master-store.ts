import type { RecordingId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'

/** Finds the sealed master of a recording: the list of its parts (docs/formats.md, "Master"), whose parts lie in the object store. Durable when `put` resolves. */
export type MasterStore = {
  put(id: RecordingId, list: Bytes): Promise<void>
  get(id: RecordingId): Promise<Bytes | undefined>
}
