import { newFeedId } from '../derived-ids.ts'
import type { EnvelopeHeader } from '../envelope.ts'
import type { DeviceRecord, LogFacts, Verdict } from '../log-state.ts'
import { maxBodyBytes, maxChangesPerEnvelope, maxDeps } from '../sync-limits.ts'
import { findRemovedAuthor, type RelayKnowledge } from './relay-knowledge.ts'
import { findRightFault } from './rights.ts'
import { findEpochFault, findPlaceFault } from './named-place.ts'
import { never, ok, wait } from './verdict.ts'

/**
 * May the envelope be appended (or, at a replica, be applied as pending)? Pure. The caller has verified the signature against the device's key in
 * `facts.now`, and has asked `facts.isLogged` for the envelope's own id. `facts.named` belongs to `header.seen`. `knowledge`: only at a relay [LR1].
 */
export const checkEnvelope = (facts: LogFacts, header: EnvelopeHeader, knowledge?: RelayKnowledge): Verdict => {
  if (header.collection !== facts.collection) return never('wrong-collection')
  if (isBeyondLimits(header)) return never('limit')
  const placeFault = findPlaceFault(facts, header.seen)
  if (placeFault !== undefined) return placeFault
  const rightFault = findRightFault(facts.now, header, header.seen.seq)
  if (rightFault !== undefined) return never(rightFault)
  const epochFault = findEpochFault(facts, header.epoch)
  if (epochFault !== undefined) return never(epochFault)
  const orderFault = findOrderFault(facts, header)
  if (orderFault !== undefined) return orderFault
  if (!header.deps.every((id) => isKnown(facts, id))) return wait('dep-missing')
  return findRemovedAuthor(knowledge, header) ?? ok
}

/** [LE10] The limits of the format, which a header shows. */
const isBeyondLimits = ({ bodyBytes, deps, changeHashes }: EnvelopeHeader): boolean =>
  bodyBytes > maxBodyBytes ||
  deps.length > maxDeps ||
  changeHashes.length === 0 ||
  changeHashes.length > maxChangesPerEnvelope

const isKnown = (facts: LogFacts, id: EnvelopeHeader['deps'][number]): boolean =>
  facts.isLogged(id) || facts.pendingEnvelope(id) !== undefined

/** [LE5] [LE6] [LE7] [LE8] The envelopes of a device have one order: each names the one before it. */
const findOrderFault = (facts: LogFacts, header: EnvelopeHeader): Verdict | undefined => {
  const { lastOfDevice: last } = facts
  if (last !== undefined && header.feed === last.feed && header.number <= last.number) return never('number-taken')
  if (header.number === 1 && header.feed !== feedOf(header)) return never('feed-wrong')
  if (header.prev === last?.id) return findStepFault(last, header)
  if (header.prev === undefined || facts.isLogged(header.prev)) return never('prev-wrong')
  const pending = facts.pendingEnvelope(header.prev)
  if (pending !== undefined) return findStepFault(pending, header)
  return wait(header.number === 1 ? 'dep-missing' : 'number-gap')
}

/** [LE7] The feed id binds the feed to its device: nobody can use the feed of another device, also before it is in the log. */
const feedOf = ({ device, prev, salt }: EnvelopeHeader): EnvelopeHeader['feed'] =>
  newFeedId({ random: () => salt }, device, prev)

/** Does the envelope follow directly on `before`, the envelope that it names as `prev`? */
const findStepFault = (before: DeviceRecord | undefined, header: EnvelopeHeader): Verdict | undefined => {
  if (before !== undefined && before.device !== header.device) return never('prev-wrong')
  if (before?.feed !== header.feed) return header.number === 1 ? undefined : never('prev-wrong')
  if (header.number !== before.number + 1) return never('prev-wrong')
  return header.seen.seq < before.seenSeq ? never('seen-goes-back') : undefined
}
