import type { Clock } from '../ports/clock.ts'
import type { BuiltIndex } from './build-index.ts'
import type { CurrentIndex } from './current-index.ts'

export type IndexRebuilderDeps = {
  readonly clock: Clock
  /** Builds in another thread and writes a file; returns the snapshot only when it is wanted. */
  readonly build: (isSnapshotWanted: boolean, signal: AbortSignal) => Promise<BuiltIndex>
  /** A new file is there for a successor thread to open. Opening it in this thread would delay searches. */
  onBuilt(): void
  onFault(message: string, fault: unknown): void
}

/**
 * A new build starts when more changes than this share of the index have come since the last one, and never for fewer than `minPending` documents.
 * Recent changes are merged with each new one, which delays searches: fewer changes, shorter delays.
 */
const pendingShare = 0.01
const minPending = 2000
/** If anything has changed, a new build starts after this time at the latest: plays lose weight with age. */
const maxAgeMs = 86_400_000
const pauseAfterFailureMs = 60_000
/** The pause after a build is this many times as long as the build. */
const pauseRatio = 4

/** Decides when the index is built again. At most one build at a time. */
export const createIndexRebuilder = (deps: IndexRebuilderDeps) => {
  let isRequested = false
  let isBuilding = false
  let notBefore = 0
  const build = async (signal: AbortSignal): Promise<void> => {
    const startedAt = deps.clock.now()
    try {
      const { writeError } = await deps.build(false, signal)
      if (writeError !== undefined) throw new Error(writeError)
      notBefore = deps.clock.now() + pauseRatio * (deps.clock.now() - startedAt)
      deps.onBuilt()
    } catch (error) {
      notBefore = deps.clock.now() + pauseAfterFailureMs
      if (!signal.aborted) deps.onFault('The search index could not be built again.', error)
    } finally {
      isBuilding = false
    }
  }
  return {
    /** The next `startIfDue` builds, even when little has changed. */
    request: (): void => {
      isRequested = true
    },
    startIfDue: (current: CurrentIndex, signal: AbortSignal): void => {
      const now = deps.clock.now()
      if (isBuilding || now < notBefore || (!isRequested && !isDue(current, now))) return
      isRequested = false
      isBuilding = true
      void build(signal)
    },
    isBuilding: (): boolean => isBuilding,
  }
}

const isDue = ({ index, builtAt }: CurrentIndex, now: number): boolean => {
  const pending = index.pendingCount()
  const documents = index.count('track') + index.count('release') + index.count('artist')
  return pending > Math.max(minPending, pendingShare * documents) || (pending > 0 && now - builtAt > maxAgeMs)
}
