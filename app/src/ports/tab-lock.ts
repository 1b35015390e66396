/** Runs the work in one tab of this browser at a time, by the name of the lock. An abort ends the wait; running work must watch the signal itself. */
export type TabLock = (name: string, signal: AbortSignal, work: () => Promise<void>) => Promise<void>
