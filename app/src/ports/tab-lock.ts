/** Runs the work of this name in one tab of this browser at a time; waits for its turn. Abort gives up waiting; the work hears of it by its own signal. */
export type TabLock = (name: string, signal: AbortSignal, work: () => Promise<void>) => Promise<void>
