import type { LogFacts, MembershipState, NeverReason, Verdict } from '../log-state.ts'
import type { MembershipHeader, MembershipOperation } from '../membership.ts'
import { maxMembers } from '../sync-limits.ts'
import { keyIdOf } from '../keys/agreement-key.ts'
import { accountOfMember, findAccountFault } from './account-log.ts'
import { findBoxFault } from './check-boxes.ts'
import { foldMembership } from './fold-membership.ts'
import { findEarlyFault, type RelayKnowledge } from './relay-knowledge.ts'
import { findAuthor, holdsRole, isLastOwner } from './rights.ts'
import { never, ok, wait } from './verdict.ts'
import type { VerifiedMembership } from './verified-item.ts'

/**
 * May the membership item be appended? Pure. `facts.named` is asked for `keeps` of a re-homing. `knowledge`: only at a relay, for its early refusals
 * (`relay-knowledge.ts`), which a replica must not hold against a relay.
 */
export const checkMembership = (facts: LogFacts, verified: VerifiedMembership, knowledge?: RelayKnowledge): Verdict => {
  const { id, header } = verified
  if (header.collection !== facts.collection) return never('wrong-collection')
  if (facts.isLogged(id)) return never('duplicate')
  if (header.base !== facts.now?.base) return never('base-moved')
  const fault = facts.now === undefined ? findFirstFault(facts, header) : findFault(facts.now, verified)
  if (fault !== undefined) return never(fault)
  if (header.operation.kind === 're-homed') {
    const place = findKeptPlaceFault(facts, header.operation)
    if (place !== undefined) return place
  }
  const after = foldMembership(facts.now, verified, facts.length + 1)
  const boxFault = findBoxFault(facts.now, after, verified)
  if (boxFault !== undefined) return never(boxFault)
  return (knowledge === undefined ? undefined : findEarlyFault(knowledge, verified, { now: facts.now, after })) ?? ok
}

/** [LM2] A log begins with a creation. */
const findFirstFault = ({ length }: LogFacts, { operation }: MembershipHeader): NeverReason | undefined =>
  length === 0 && isCreation(operation) ? undefined : 'operation-wrong'

const isCreation = ({ kind }: MembershipOperation): boolean => kind === 'account-created' || kind === 'created'

const findFault = (now: MembershipState, verified: VerifiedMembership): NeverReason | undefined => {
  const { header } = verified
  if (isCreation(header.operation)) return 'operation-wrong'
  if (header.operation.kind === 're-homed') return findRehomingFault(now, header)
  if (now.kind === 'shared') return findSharedFault(now, verified)
  const member = now.members.get(header.account)
  return member === undefined ? 'no-right' : findAccountFault(accountOfMember(member), header)
}

/** [LM5] Who may do what in a shared collection, and to whom. */
const findSharedFault = (now: MembershipState, verified: VerifiedMembership): NeverReason | undefined => {
  const { header } = verified
  const { operation } = header
  switch (operation.kind) {
    case 'redeemed':
      return findRedeemedFault(now, operation, header)
    case 'account-advanced':
      return now.members.has(operation.account.account) ? undefined : 'target-wrong'
    case 'left':
      if (findAuthor(now, header) === undefined) return 'no-right'
      return isLastOwner(now, header.account) ? 'last-owner' : undefined
    case 'epoch':
      if (!holdsRole(now, header, 'editor')) return 'no-right'
      return findClosedFault(now, operation.expired)
    default:
      return holdsRole(now, header, 'owner') ? findOwnerFault(now, operation) : 'no-right'
  }
}

type Of<Kind extends MembershipOperation['kind']> = Extract<MembershipOperation, { kind: Kind }>

/** What only owners do. */
const findOwnerFault = (now: MembershipState, operation: MembershipOperation): NeverReason | undefined => {
  switch (operation.kind) {
    case 'invited':
      return findInvitedFault(now, operation)
    case 'invitation-withdrawn':
      return now.invitations.has(operation.invitation) ? undefined : 'invitation-closed'
    case 'role':
      return findRoleFault(now, operation)
    case 'removed':
      if (!now.members.has(operation.account)) return 'target-wrong'
      return isLastOwner(now, operation.account) ? 'last-owner' : undefined
    default:
      return 'operation-wrong'
  }
}

/** [LM9] A link never makes an owner: whoever finds it could take the collection. */
const findInvitedFault = (now: MembershipState, operation: Of<'invited'>): NeverReason | undefined => {
  if (operation.role === 'owner' || now.invitations.has(keyIdOf(operation.invitation))) return 'target-wrong'
  return now.members.size + now.invitations.size >= maxMembers ? 'limit' : undefined
}

const findRoleFault = (now: MembershipState, { account, role }: Of<'role'>): NeverReason | undefined => {
  const member = now.members.get(account)
  if (member === undefined || member.role === role) return 'target-wrong'
  return isLastOwner(now, account) ? 'last-owner' : undefined
}

/** [LM10] The signature of the link's key and the account proof are verified before. */
const findRedeemedFault = (
  now: MembershipState,
  operation: Of<'redeemed'>,
  { account }: MembershipHeader,
): NeverReason | undefined => {
  if (!now.invitations.has(operation.invitation)) return 'invitation-closed'
  return now.members.has(account) || operation.account.account !== account ? 'target-wrong' : undefined
}

/** [LM11] Each closed invitation is open, and named once, in order. */
const findClosedFault = (now: MembershipState, expired: readonly string[]): NeverReason | undefined => {
  const isSorted = expired.every((id, index) => index === 0 || (expired[index - 1] ?? '') < id)
  if (!isSorted) return 'malformed'
  return expired.every((id) => now.invitations.has(id)) ? undefined : 'invitation-closed'
}

/** [LH1] The root key of an owner has signed; `verifyMembership` verifies that. */
const findRehomingFault = (now: MembershipState, header: MembershipHeader): NeverReason | undefined => {
  const { operation, account } = header
  if (now.members.get(account)?.role !== 'owner') return 'no-right'
  return operation.kind === 're-homed' && operation.generation === now.generation + 1 ? undefined : 'operation-wrong'
}

/** [LH2] The re-homing stands directly behind the place that it keeps. */
const findKeptPlaceFault = ({ length, named }: LogFacts, { keeps }: Of<'re-homed'>): Verdict | undefined => {
  if (keeps.seq > length || named === undefined) return wait('seen-ahead')
  return keeps.seq === length && named.chain === keeps.chain ? undefined : never('seen-off-chain')
}
