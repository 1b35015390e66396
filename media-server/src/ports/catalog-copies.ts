import type { UnixMs } from '@tonestead/crdt/instant'

/** A copy of the whole catalog. `name` is its file name. */
export type CatalogCopy = { readonly name: string; readonly at: UnixMs }

/**
 * Checks of the whole catalog and copies of it. Both read everything, so they run beside the catalog's own thread and do not delay it.
 * Methods are called one at a time. They reject when `signal` aborts.
 */
export type CatalogCopies = {
  /** Reads every table and index. Resolves to what is wrong, as SQLite says it, at most 20 findings; empty when the catalog is sound. */
  check(signal: AbortSignal): Promise<readonly string[]>
  /** Makes a copy, checks it and keeps it under its instant. Durable and complete when it resolves; when it rejects, no file is left. */
  make(at: UnixMs, signal: AbortSignal): Promise<CatalogCopy>
  /** All copies, the newest first. */
  list(): Promise<readonly CatalogCopy[]>
  /** Deletes all copies but the newest `keep`. */
  prune(keep: number): Promise<void>
}
