import type { AccountId } from '@tonestead/crdt/ids'
import type { MembershipState, NeverReason, Verdict } from '../log-state.ts'
import type { ItemId } from '../sync-ids.ts'
import { isRootSigned, isSameKey } from './account-log.ts'
import { findAuthor, type Author } from './rights.ts'
import { never } from './verdict.ts'
import type { VerifiedMembership } from './verified-item.ts'

// What a relay knows besides the log, and what it therefore refuses early. Refusing it, or not, is never proof that a relay lies: a replica cannot know it.

/** The log of an account's own collection, as the relay has it. */
export type AccountLog = { readonly state: MembershipState; readonly isLogged: (id: ItemId) => boolean }

/** `now`: milliseconds since 1970. `accountLog`: undefined for an account whose home is elsewhere. */
export type RelayKnowledge = {
  readonly now: number
  readonly accountLog: (account: AccountId) => AccountLog | undefined
}

/** [LR1] The author's device has been removed from its account, which the collection does not know yet. */
export const findRemovedAuthor = (knowledge: RelayKnowledge | undefined, author: Author): Verdict | undefined => {
  const log = knowledge?.accountLog(author.account)
  return log === undefined || findAuthor(log.state, author) !== undefined ? undefined : never('no-right')
}

/** What a relay refuses early of a membership item that the log itself allows. `after`: the membership that would follow. */
export const findEarlyFault = (
  knowledge: RelayKnowledge,
  verified: VerifiedMembership,
  { now, after }: { readonly now: MembershipState | undefined; readonly after: MembershipState },
): Verdict | undefined => {
  const { operation } = verified.header
  if (after.kind === 'personal') return undefined
  if (!isRootSigned(operation)) {
    const removed = findRemovedAuthor(knowledge, verified.header)
    if (removed !== undefined) return removed
  }
  const fault =
    findInvitationFault(knowledge, verified, now) ??
    findProofFault(knowledge, verified) ??
    ('epoch' in operation ? findBehindFault(knowledge, after) : undefined)
  return fault === undefined ? undefined : never(fault)
}

/** [LR2] The time of an invitation is judged by the relay's clock: nobody redeems an expired one, nobody closes another as expired. */
const findInvitationFault = (
  knowledge: RelayKnowledge,
  { header: { operation } }: VerifiedMembership,
  now: MembershipState | undefined,
): NeverReason | undefined => {
  const isExpired = (id: string): boolean => (now?.invitations.get(id)?.expiresAt ?? Infinity) <= knowledge.now
  if (operation.kind === 'redeemed' && isExpired(operation.invitation)) return 'invitation-closed'
  return operation.kind === 'epoch' && !operation.expired.every(isExpired) ? 'target-wrong' : undefined
}

/** [LR3] An account proof must end at an item of the account's own log: a removed device could have signed another continuation. */
const findProofFault = (knowledge: RelayKnowledge, { account }: VerifiedMembership): NeverReason | undefined => {
  const log = account === undefined ? undefined : knowledge.accountLog(account.account)
  if (account === undefined || log === undefined) return undefined
  return log.isLogged(account.base) ? undefined : 'account-wrong'
}

/** [LR4] No epoch is sealed to a key that its account has replaced. */
const findBehindFault = (knowledge: RelayKnowledge, after: MembershipState): NeverReason | undefined => {
  const isBehind = [...after.members.values()].some(({ account, agreementKey }) => {
    const newest = knowledge.accountLog(account)?.state.members.get(account)
    return newest !== undefined && !isSameKey(newest.agreementKey, agreementKey)
  })
  return isBehind ? 'account-behind' : undefined
}
