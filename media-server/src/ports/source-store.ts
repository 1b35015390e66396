import type { RecordingId, TrackId } from '@tonestead/crdt/ids'
import type { UnixMs } from '@tonestead/crdt/instant'
import type { IngestItem, IngestStep, IngestSummary, RefusalCode } from '@tonestead/protocol/ingest'

/** A file as a scan found it. `path` is absolute; `name` is the path below the imported folder. */
export type FoundSource = {
  readonly path: string
  readonly name: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
  readonly isPublic: boolean
}

/** What a job does: 'playable' makes the first rendition, 'complete' all the others. */
export type Stage = 'playable' | 'complete'

/** A file that a worker has leased, and the stage to do. `attempt` counts from 1. */
export type SourceJob = FoundSource & {
  readonly id: string
  readonly stage: Stage
  readonly attempt: number
  /** Known when the same bytes were read before. */
  readonly sha256: string | undefined
}

/** How a job ended. Only expected ends: a fault of the server is not an outcome, the job is postponed instead. */
export type JobOutcome =
  | { readonly kind: 'done'; readonly sha256: string; readonly recordingId: RecordingId; readonly trackId: TrackId }
  | {
      readonly kind: 'refused'
      readonly code: RefusalCode
      readonly detail?: string | undefined
      readonly sha256?: string | undefined
    }

/**
 * The source files and their durable queue: a file waits, is processed under a lease, is playable, complete, refused or gone.
 * All files get the stage 'playable' before any gets 'complete'; within a stage, files that somebody plays come first.
 * Methods may be called concurrently by several workers and are durable when they resolve.
 */
export type SourceStore = {
  /** Compares a whole folder with the stored files. Unchanged files keep their state; new and changed ones are queued; a moved file (same size and time, or later the same hash) keeps its track. Returns the tracks whose last file is gone. */
  reconcile(folder: string, found: readonly FoundSource[], at: UnixMs): Promise<{ readonly gone: readonly TrackId[] }>
  /** Adds a single file, such as an upload, and returns its id. Does nothing when the path is known. */
  add(source: FoundSource, at: UnixMs): Promise<string>
  /** Leases the next job; undefined when there is none. A job whose lease has expired is handed out again, as a further attempt. */
  claim(lease: { owner: string; until: UnixMs; now: UnixMs }): Promise<SourceJob | undefined>
  /** Extends the lease and stores the current step. False when the lease is lost: the worker must stop. */
  heartbeat(job: { id: string; owner: string; until: UnixMs; step: IngestStep }): Promise<boolean>
  /** Ends the job. Does nothing and returns false when the lease is lost. */
  finish(job: { id: string; owner: string; stage: Stage }, outcome: JobOutcome, at: UnixMs): Promise<boolean>
  /** Returns a job to the queue until `notBefore`, after a failure that is not the file's (disk full, encoder missing). */
  postpone(job: { id: string; owner: string }, notBefore: UnixMs): Promise<void>
  /** The recording made from the same bytes before, under whatever path; undefined when there is none. */
  findByHash(
    sha256: string,
  ): Promise<{ recordingId: RecordingId; trackId: TrackId; id: string; isGone: boolean } | undefined>
  /** Moves the remaining stages of a recording to the front of the queue, because somebody plays it. */
  prefer(id: RecordingId): Promise<void>
  /** Queues all refused files again and returns their number. */
  retryRefused(at: UnixMs): Promise<number>
  /** Number of files by state, without the figures of the disk and of the object check. */
  summary(): Promise<Omit<IngestSummary, 'estimatedBytes' | 'freeBytes' | 'beingRepaired' | 'lost'>>
  /** One file with its state; undefined when there is none. */
  item(id: string): Promise<IngestItem | undefined>
  /** A page of files: refused ones first, then running ones. `cursor` is the `next` of the page before; a foreign one rejects with the problem `invalid-request`. */
  items(query: {
    cursor?: string | undefined
    limit: number
  }): Promise<{ items: readonly IngestItem[]; next?: string | undefined }>
}
