import type { RecordingId, TrackId } from '@tonestead/crdt/ids'
import type { UnixMs } from '@tonestead/crdt/instant'
import type { IngestItem, IngestStep, IngestSummary, RefusalCode } from '@tonestead/protocol/ingest'

/** A file as a scan found it. `path` is absolute; `name` is below the imported folder. */
export type FoundSource = {
  readonly path: string
  readonly name: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
  readonly isPublic: boolean
}

/** 'playable': the first rendition. 'complete': all of them. */
export type Stage = 'playable' | 'complete'

export type SourceJob = FoundSource & {
  readonly id: string
  readonly stage: Stage
  readonly attempt: number
  /** Known from an earlier run over the same bytes. */
  readonly sha256: string | undefined
}

export type JobOutcome =
  | { readonly kind: 'done'; readonly sha256: string; readonly recordingId: RecordingId; readonly trackId: TrackId }
  | {
      readonly kind: 'refused'
      readonly code: RefusalCode
      readonly detail?: string | undefined
      readonly sha256?: string | undefined
    }

/**
 * Source files and the durable queue over them, in one table: a file waits, is worked at under a lease, is playable, complete, refused or gone.
 * The stage 'playable' of all files comes before the stage 'complete' of any, but files that were played come first within a stage.
 */
export type SourceStore = {
  /** Compares a whole folder with what is known: unchanged files keep their state, new and changed ones wait, a moved file (same size and time, or later the same hash) keeps its track. Returns the tracks whose file is gone. */
  reconcile(folder: string, found: readonly FoundSource[], at: UnixMs): Promise<{ readonly gone: readonly TrackId[] }>
  /** One file by itself: an upload. */
  add(source: FoundSource, at: UnixMs): Promise<string>
  /** Takes the next job under a lease; a lease that ran out counts as an attempt and is handed out again. Undefined: nothing to do. */
  claim(lease: { owner: string; until: UnixMs; now: UnixMs }): Promise<SourceJob | undefined>
  /** Extends the lease and tells the step. False: the lease is lost, stop. */
  heartbeat(job: { id: string; owner: string; until: UnixMs; step: IngestStep }): Promise<boolean>
  /** Ends the job. Ignored (false) when the lease is lost. */
  finish(job: { id: string; owner: string; stage: Stage }, outcome: JobOutcome, at: UnixMs): Promise<boolean>
  /** A job that failed by no fault of the file (disk full, encoder missing): waits until `notBefore`. */
  postpone(job: { id: string; owner: string }, notBefore: UnixMs): Promise<void>
  /** The same bytes under another path, if they were ingested before. */
  findByHash(
    sha256: string,
  ): Promise<{ recordingId: RecordingId; trackId: TrackId; id: string; isGone: boolean } | undefined>
  /** Moves a recording's remaining renditions to the front: somebody plays it. */
  prefer(id: RecordingId): Promise<void>
  retryRefused(at: UnixMs): Promise<number>
  /** Counts, without disk figures. */
  summary(): Promise<Omit<IngestSummary, 'estimatedBytes' | 'freeBytes'>>
  item(id: string): Promise<IngestItem | undefined>
  /** Items, refused ones first, then those at work; `cursor` as returned. */
  items(query: {
    cursor?: string | undefined
    limit: number
  }): Promise<{ items: readonly IngestItem[]; next?: string | undefined }>
}
