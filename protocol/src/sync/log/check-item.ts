import type { LogItem } from '../log-item.ts'
import type { LogFacts, MembershipState, Verdict } from '../log-state.ts'
import { checkConfirmation } from './check-confirmation.ts'
import { checkEnvelope } from './check-envelope.ts'
import { checkMembership } from './check-membership.ts'
import { checkSnapshot } from './check-snapshot.ts'
import type { RelayKnowledge } from './relay-knowledge.ts'
import { signingKeyOf } from './rights.ts'
import { never, wait, type Refusal } from './verdict.ts'
import { asVerified, type VerifiedItem } from './verified-item.ts'
import { verifierOf, type VerifyDeps } from './verify-account.ts'
import { verifyMembership } from './verify-membership.ts'

/** What verifying an item needs of the log. */
export type VerifyFacts = { readonly now: MembershipState | undefined; readonly length: number }

/**
 * Verifies the signatures and proofs of an item of any kind. An author whom the log does not know waits while the item names a place beyond the log. The
 * result for a membership item holds as long as `now` is the membership; those of others hold for ever.
 */
export const verifyItem = async (
  deps: VerifyDeps,
  item: LogItem,
  { now, length }: VerifyFacts,
): Promise<VerifiedItem | Refusal> => {
  if (item.kind === 'membership') return verifyMembership(deps, item, now)
  const key = signingKeyOf(now, item.header.account, item.header.device)
  if (key === undefined) return namedPlaceOf(item) > length ? wait('seen-ahead') : never('no-right')
  if (!(await verifierOf(deps).verifyItem(item, key))) return never('signature')
  return asVerified(item)
}

/** The place that an item names, and that `LogFacts.named` describes: `seen`, `place` or `keeps`. 0 for membership items that name none. */
export const namedPlaceOf = (item: VerifiedItem | LogItem): number => {
  if (item.kind === 'envelope') return item.header.seen.seq
  if (item.kind === 'snapshot') return item.header.place.seq
  if (item.kind === 'confirmation') return 0
  const { operation } = item.header
  return operation.kind === 're-homed' ? operation.keeps.seq : 0
}

/** May the item be appended? [LA1] An item has one place. */
export const checkItem = (facts: LogFacts, item: VerifiedItem, knowledge?: RelayKnowledge): Verdict => {
  if (facts.isLogged(item.id)) return never('duplicate')
  if (item.kind === 'envelope') return checkEnvelope(facts, item.header, knowledge)
  if (item.kind === 'snapshot') return checkSnapshot(facts, item.header, knowledge)
  if (item.kind === 'confirmation') return checkConfirmation(facts, item.header, knowledge)
  return checkMembership(facts, item, knowledge)
}
