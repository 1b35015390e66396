import type { LogFacts, Verdict } from '../log-state.ts'
import type { SnapshotHeader } from '../snapshot.ts'
import { maxBodyBytes, maxSnapshotParts } from '../sync-limits.ts'
import { findEpochFault, findPlaceFault } from './named-place.ts'
import { findRemovedAuthor, type RelayKnowledge } from './relay-knowledge.ts'
import { findRightFault } from './rights.ts'
import { never, ok } from './verdict.ts'

/**
 * [LS1] [LS2] May the snapshot be appended? Pure. The caller has verified the signature and has asked for the snapshot's own id. `facts.named` belongs to
 * `header.place`. Whether the snapshot is true is not visible here: who reads it checks it.
 */
export const checkSnapshot = (facts: LogFacts, header: SnapshotHeader, knowledge?: RelayKnowledge): Verdict => {
  if (header.collection !== facts.collection) return never('wrong-collection')
  if (isBeyondLimits(header)) return never('limit')
  const placeFault = findPlaceFault(facts, header.place)
  if (placeFault !== undefined) return placeFault
  const fault = findRightFault(facts.now, header, header.place.seq) ?? findEpochFault(facts, header.epoch)
  if (fault !== undefined) return never(fault)
  if (!header.voids.every(facts.isLogged)) return never('target-wrong')
  return findRemovedAuthor(knowledge, header) ?? ok
}

const isBeyondLimits = ({ parts }: SnapshotHeader): boolean =>
  parts.length === 0 || parts.length > maxSnapshotParts || parts.some(({ bytes }) => bytes < 1 || bytes > maxBodyBytes)
