import type { Audience } from '@tonestead/protocol/audience'
import type { Bytes } from '@tonestead/protocol/bytes'

/** The stored index. `version` grows with every write; `snapshotVersion` is the version of the write that stored the snapshot. */
export type StoredHead = {
  readonly version: number
  readonly snapshotVersion: number
  readonly serverId: string
  readonly audience: Audience
  /** When the snapshot was fetched; compaction does not change it. */
  readonly fetchedAtMs: number
}

/** One page of the change feed: its items, unparsed, and its last sequence number. */
export type StoredChanges = { readonly version: number; readonly last: number; readonly items: readonly unknown[] }

/** A document that was opened or played here, unparsed. */
export type StoredDocument = { readonly document: unknown; readonly touchedAtMs: number; readonly times: number }

/**
 * Stores one search index as a snapshot and changes, and the documents that were opened or played. Each write is one transaction and durable when it resolves.
 * A write for a version that is not the current one does nothing and resolves to undefined: another tab wrote before. A full disk rejects with QuotaExceededError.
 */
export type SearchStore = {
  head(): Promise<StoredHead | undefined>
  /** The snapshot and the changes after it, in order, read in one transaction; undefined: nothing is stored. */
  read(): Promise<
    { readonly head: StoredHead; readonly bytes: Bytes; readonly changes: readonly StoredChanges[] } | undefined
  >
  changesAfter(version: number): Promise<readonly StoredChanges[]>
  /** Replaces everything that is stored. */
  replace(snapshot: Omit<StoredHead, 'version' | 'snapshotVersion'> & { readonly bytes: Bytes }): Promise<StoredHead>
  append(version: number, changes: Omit<StoredChanges, 'version'>): Promise<StoredHead | undefined>
  /** Replaces the snapshot and its changes by a snapshot that holds everything up to this version. */
  compact(version: number, bytes: Bytes): Promise<StoredHead | undefined>
  /** Deletes the snapshot and the changes. */
  drop(version: number): Promise<void>
  /** Counts one more use. Of more than `most` documents of a server the ones used longest ago are deleted. */
  touch(
    serverId: string,
    touched: { readonly key: string; readonly document: unknown; readonly atMs: number; readonly most: number },
  ): Promise<StoredDocument>
  touched(serverId: string): Promise<readonly StoredDocument[]>
}
