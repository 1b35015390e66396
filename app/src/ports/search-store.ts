import type { Audience } from '@tonestead/protocol/audience'
import type { Bytes } from '@tonestead/protocol/bytes'

/** What is kept of the index. `version` grows with every write; `snapshotVersion` is that of the write that put the snapshot. */
export type KeptHead = {
  readonly version: number
  readonly snapshotVersion: number
  readonly serverId: string
  readonly audience: Audience
  /** When the server made the snapshot; folding does not change it. */
  readonly fetchedAtMs: number
}

/** One answer of the change feed: its items as they came, and the sequence number that they lead to. */
export type KeptChanges = { readonly version: number; readonly last: number; readonly items: readonly unknown[] }

export type KeptDocument = { readonly document: unknown; readonly touchedAtMs: number; readonly times: number }

/**
 * The device's index as bytes and changes, one of them; and what was opened or played. Each write is one transaction and durable when it resolves.
 * A write for a version that is not the current one does nothing and gives undefined: another tab was there. A full disk rejects with QuotaExceededError.
 */
export type SearchStore = {
  head(): Promise<KeptHead | undefined>
  /** The snapshot and the changes since, in order, as of one moment; undefined: nothing is kept. */
  read(): Promise<
    { readonly head: KeptHead; readonly bytes: Bytes; readonly changes: readonly KeptChanges[] } | undefined
  >
  changesAfter(version: number): Promise<readonly KeptChanges[]>
  /** In the place of whatever is kept. */
  replace(snapshot: Omit<KeptHead, 'version' | 'snapshotVersion'> & { readonly bytes: Bytes }): Promise<KeptHead>
  append(version: number, changes: Omit<KeptChanges, 'version'>): Promise<KeptHead | undefined>
  /** Puts bytes that hold everything up to this version in the place of the snapshot and its changes. */
  fold(version: number, bytes: Bytes): Promise<KeptHead | undefined>
  /** Forgets snapshot and changes. */
  drop(version: number): Promise<void>
  /** Counts once more; beyond `most` documents of a server the ones touched longest ago are forgotten. */
  touch(
    serverId: string,
    touched: { readonly key: string; readonly document: unknown; readonly atMs: number; readonly most: number },
  ): Promise<KeptDocument>
  touched(serverId: string): Promise<readonly KeptDocument[]>
}
