import type { Bytes } from '@tonestead/protocol/bytes'

// The journal of a replica: the only truth about its collections on this device. Everything else can be made from it again.

/**
 * A table of the journal. `items`: items of the log by place. `pending`: envelopes without a place. `intents`: operations that wait to be sealed, and those of
 * own envelopes. `facts`: single values such as the newest receipt. `snapshots`: parts of the snapshots that stand for bodies of older items. `checked`: documents as they were after their check, which can be made again from the rest. `quarantine`: what could not be read or did not hold; kept, never used.
 */
export type JournalTable = 'items' | 'pending' | 'intents' | 'facts' | 'snapshots' | 'checked' | 'quarantine'

/** One change of a row. `scope` is a collection id, or a name of our own. `delete-from` deletes this key and all that sort after it in the table of the scope. */
export type JournalWrite = { readonly table: JournalTable; readonly scope: string; readonly key: string } & (
  { readonly kind: 'put'; readonly value: Bytes } | { readonly kind: 'delete' } | { readonly kind: 'delete-from' }
)

/** Which rows to read: of one table and scope, in the order of their keys (as strings), from `from` on, at most `limit`. */
export type JournalQuery = {
  readonly table: JournalTable
  readonly scope: string
  readonly from?: string | undefined
  readonly limit?: number | undefined
}
/** Rows in the order of their keys. `damaged`: keys of rows whose bytes are not those that were written; they are left where they are. */
export type JournalRows = {
  readonly rows: readonly { readonly key: string; readonly value: Bytes }[]
  readonly damaged: readonly string[]
}

/** Writes of one transaction. `fence`: the number that `takeOver` gave. `isStrict`: resolve only when a power cut cannot lose it. */
export type JournalTransaction = {
  readonly fence: number
  readonly writes: readonly JournalWrite[]
  readonly isStrict: boolean
}

/** A store of rows in which one writer at a time has the word. */
export type Journal = {
  /** Makes the caller the writer and gives its number, higher than every earlier one; the transactions of earlier writers are refused from now on. */
  takeOver(): Promise<number>
  /**
   * Writes all or nothing, in order. Without `isStrict` a crash may lose it, but never alone: only the newest transactions are lost, and a strict one keeps all before it.
   * `superseded`: another writer has taken over and nothing was written. Throws when the store fails (a full disk).
   */
  commit(transaction: JournalTransaction): Promise<'committed' | 'superseded'>
  /** Reads rows. Rows that fail their checksum are named and left out. */
  read(query: JournalQuery): Promise<JournalRows>
  /** The scopes that have a row, sorted. */
  scopes(): Promise<readonly string[]>
}
