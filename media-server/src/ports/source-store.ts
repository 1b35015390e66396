import type { RecordingId } from '@tonestead/crdt/ids'
import type { UnixMs } from '@tonestead/crdt/instant'
import type { IngestItem, IngestStep, IngestSummary, RefusalCode } from '@tonestead/protocol/ingest'
import type { PublishedRecording } from './catalog-store.ts'
import type { SourceFacts } from './source-facts.ts'

/**
 * A file as a scan found it. `path` is absolute, or `upload:<id>` for an upload; `name` is the path below the imported folder.
 * `pictureStamp` changes with the cover in the file's folder; '' when there is none. `device` is the number of the file system.
 */
export type FoundSource = {
  readonly path: string
  readonly name: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
  readonly isPublic: boolean
  readonly pictureStamp: string
  readonly device: number
}

/** What a scan saw below one folder. The paths of folders are absolute. */
export type FolderScan = {
  readonly folder: string
  readonly found: readonly FoundSource[]
  /** Folders that could not be read: what was below them is unreachable, not gone. */
  readonly unreadable: readonly string[]
  /** Folders that were read and contain nothing. */
  readonly empty: readonly string[]
  /** The file system of every folder that was read. */
  readonly devices: ReadonlyMap<string, number>
}

/** What a scan did. `held`: missing files whose tracks stay until the administrator confirms; `unreachable`: files that could not be looked for. */
export type Reconciled = { readonly withdrawn: number; readonly held: number; readonly unreachable: number }

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

/** What a job made of a file. `made`: the recording, if it did not exist before, or if its objects were lost and it was made again. */
export type IngestedSource = {
  readonly sha256: string
  readonly facts: SourceFacts
  readonly made: PublishedRecording | undefined
  /** Whether `made` replaces a recording whose objects were lost. */
  readonly isMadeAgain?: boolean
}

/** How a job ended. Only expected ends: a fault of the server is not an outcome, the job is postponed instead. */
export type JobOutcome =
  | ({ readonly kind: 'playable' } & IngestedSource)
  | { readonly kind: 'complete' }
  /** The file is not there, but the lost objects of its recording were made again from the master. What is known of the file stays. */
  | { readonly kind: 'repaired'; readonly made: PublishedRecording }
  | {
      readonly kind: 'refused'
      readonly code: RefusalCode
      readonly detail?: string | undefined
      readonly sha256?: string | undefined
    }

/**
 * The source files, their durable queue, and the catalog that follows from them: a file waits, is processed under a lease, is playable, complete, refused or gone.
 * Every call that changes what is known of files updates the catalog in the same transaction (`DeriveRelease`, media-server/src/catalog/SPEC.md).
 * All files get the stage 'playable' before any gets 'complete'; within a stage uploaders have turns, and of one uploader the files that somebody plays come first.
 * Methods may be called concurrently by several workers and are durable when they resolve.
 */
export type SourceStore = {
  /** Compares a whole folder with the stored files. Unchanged files keep their state; new and changed ones are queued; a moved file (same size and time) keeps what is known of it; the tracks of missing files are withdrawn, unless they are unreachable or held. */
  reconcile(scan: FolderScan, at: UnixMs): Promise<Reconciled>
  /** Withdraws the files of all folders but these, and returns their number. */
  keepFolders(folders: readonly string[], at: UnixMs): Promise<number>
  /** Withdraws the files that are held, and returns their number. */
  withdrawHeld(at: UnixMs): Promise<number>
  /** Adds a single file, such as an upload, and returns its id. Does nothing when the path is known. */
  add(source: FoundSource, at: UnixMs): Promise<string>
  /** Says which account uploaded the file with this path, before or after it is added. */
  setUploader(path: string, account: string): Promise<void>
  /** Counts audio that is decoded for a job, in milliseconds, for its uploader. */
  charge(id: string, decodedMs: number): Promise<void>
  /** Leases the next job; undefined when there is none. Uploaders, and all folders together, have turns by how much was decoded for them. `longest`: leaves files that are known to be longer, in milliseconds. A job whose lease has expired is handed out again, as a further attempt. */
  claim(lease: {
    owner: string
    until: UnixMs
    now: UnixMs
    longest?: number | undefined
  }): Promise<SourceJob | undefined>
  /** Extends the lease and stores the current step. False when the lease is lost: the worker must stop. */
  heartbeat(job: { id: string; owner: string; until: UnixMs; step: IngestStep }): Promise<boolean>
  /** Ends the job and updates the catalog. Does nothing and returns false when the lease is lost. */
  finish(job: { id: string; owner: string; stage: Stage }, outcome: JobOutcome, at: UnixMs): Promise<boolean>
  /** Returns a job to the queue until `notBefore`, after a failure that is not the file's (disk full, encoder missing). */
  postpone(job: { id: string; owner: string }, notBefore: UnixMs): Promise<void>
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
