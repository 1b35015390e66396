/**
 * A lock that one tab of this browser holds. `work` begins when this tab gets the lock, and keeps it until its promise settles; `lost` aborts when another tab has
 * taken it by force. `isForced`: takes it at once, also from a tab that holds it. Resolves when the work has ended or the lock is lost; rejects when `signal`
 * aborts while it waits.
 */
export type LeaderLock = (
  name: string,
  options: { readonly isForced: boolean; readonly signal: AbortSignal },
  work: (lost: AbortSignal) => Promise<void>,
) => Promise<void>
