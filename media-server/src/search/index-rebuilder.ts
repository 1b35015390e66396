import type { Clock } from '../ports/clock.ts'
import type { BuiltIndex } from './build-index.ts'
import type { HeldIndex } from './held-index.ts'

export type IndexBuildDeps = {
  readonly clock: Clock
  /** Builds elsewhere and leaves a file; hands the bytes over only where they are asked for. */
  readonly build: (isHandedOver: boolean, signal: AbortSignal) => Promise<BuiltIndex>
  /** There is a new file, for a successor to open: opening it here would hold up searches. */
  onBuilt(): void
  onFault(message: string, fault: unknown): void
}

/**
 * Built anew when more has come since than this share of the index, and some thousands of documents in any case. What has come since is joined with
 * what comes, which holds up searches: the less there is, the shorter.
 */
const pendingShare = 0.01
const leastPending = 2000
/** And so long after the last build if anything has changed: the weight of plays wanes. */
const oldestMs = 86_400_000
const failedPauseMs = 60_000
/** A build is followed by a pause of so many times its length. */
const pauseRatio = 4

/** Decides when an index is built anew. At most one build at a time. */
export const createIndexBuilds = (deps: IndexBuildDeps) => {
  let isAsked = false
  let isAtWork = false
  let notBefore = 0
  const build = async (signal: AbortSignal): Promise<void> => {
    const beganAt = deps.clock.now()
    try {
      const { unkept } = await deps.build(false, signal)
      if (unkept !== undefined) throw new Error(unkept)
      notBefore = deps.clock.now() + pauseRatio * (deps.clock.now() - beganAt)
      deps.onBuilt()
    } catch (error) {
      notBefore = deps.clock.now() + failedPauseMs
      if (!signal.aborted) deps.onFault('The search index could not be built anew.', error)
    } finally {
      isAtWork = false
    }
  }
  return {
    /** However little has changed. */
    ask: (): void => {
      isAsked = true
    },
    beginIfDue: (held: HeldIndex, signal: AbortSignal): void => {
      const now = deps.clock.now()
      if (isAtWork || now < notBefore || (!isAsked && !isDue(held, now))) return
      isAsked = false
      isAtWork = true
      void build(signal)
    },
    isAtWork: (): boolean => isAtWork,
  }
}

const isDue = ({ index, builtAt }: HeldIndex, now: number): boolean => {
  const pending = index.pendingCount()
  const documents = index.count('track') + index.count('release') + index.count('artist')
  return pending > Math.max(leastPending, pendingShare * documents) || (pending > 0 && now - builtAt > oldestMs)
}
