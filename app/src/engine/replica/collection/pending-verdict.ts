import type { Envelope } from '@tonestead/protocol/sync/envelope'
import type { Verdict } from '@tonestead/protocol/sync/log-state'
import type { ItemId } from '@tonestead/protocol/sync/sync-ids'
import { asVerified } from '@tonestead/protocol/sync/log/verified-item'
import type { CollectionState } from './collection-state.ts'

/** What the own log says of an envelope. */
export const checkAgainstLog = (state: CollectionState, envelope: Envelope): Verdict =>
  state.log.check(asVerified(envelope))

/** [RP14] Will this envelope never count? Decided from the log, and from what that made dead before. */
export const isDead = (state: CollectionState, envelope: Envelope): boolean => {
  const { prev, deps, number } = envelope.header
  if (prev !== undefined && (state.dead.has(prev) || (number > 1 && state.voids.has(prev)))) return true
  if (deps.some((id) => state.dead.has(id) || state.voids.has(id))) return true
  return checkAgainstLog(state, envelope).kind === 'never'
}

/** [RP24] An envelope that was accepted had read no more than the log had. If it has less now, that was cut off. */
export const isCutOff = (state: CollectionState, { header }: Envelope): boolean => header.seen.seq > state.log.length()

/** [RP12] Another pending envelope at the same place in the order of the device: only one of them can get a place. */
export const hasRival = (state: CollectionState, { id, header }: Envelope): boolean =>
  [...state.pending.values()].some(
    ({ envelope }) =>
      envelope.id !== id && envelope.header.device === header.device && envelope.header.prev === header.prev,
  )

/** Has everything been judged that the body may build on? */
export const canBeJudged = (state: CollectionState, { header }: Envelope): boolean => {
  const isJudged = (id: ItemId): boolean => state.pending.has(id) || (state.log.seqOf(id) ?? Infinity) <= state.judged
  if (header.seen.seq > state.judged) return false
  return (header.prev === undefined || isJudged(header.prev)) && header.deps.every(isJudged)
}
