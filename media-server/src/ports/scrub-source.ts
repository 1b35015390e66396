import type { ChunkId, RecordingId } from '@tonestead/crdt/ids'

/** A published recording with everything that its objects can be found by. */
export type StoredRecording = {
  readonly id: RecordingId
  readonly heads: { readonly aac: Uint8Array; readonly flac?: Uint8Array | undefined }
  readonly waveform: ChunkId | undefined
  /** Covers of the releases it is on. */
  readonly covers: readonly ChunkId[]
}

/** What a check of all objects needs from the catalog. Methods may be called concurrently. */
export type ScrubSource = {
  /** Published recordings with a greater id, by id; from the beginning where `after` is ''. */
  recordings(after: string, limit: number): Promise<readonly StoredRecording[]>
  /** The published ones of these recordings. */
  recordingsById(ids: readonly RecordingId[]): Promise<readonly StoredRecording[]>
  /**
   * Queues the source files of a recording that are there, so that what is missing is made again; where none is there and `hasMaster`, one that is not there,
   * for which the master takes its place. Returns how many there are; also those that are queued already count.
   */
  makeAgain(id: RecordingId, hasMaster: boolean): Promise<number>
}
