import type { MembershipState, NeverReason } from '../log-state.ts'
import type { EpochStart, MembershipOperation } from '../membership.ts'
import { keyIdOf } from '../keys/agreement-key.ts'
import { findAuthor } from './rights.ts'
import { recipientsOf } from './recipients.ts'
import type { VerifiedMembership } from './verified-item.ts'

/** Why the epoch or the sealed keys of the item are wrong; undefined when they are right. `after`: the membership that would follow. */
export const findBoxFault = (
  before: MembershipState | undefined,
  after: MembershipState,
  verified: VerifiedMembership,
): NeverReason | undefined => {
  const { operation } = verified.header
  if ('epoch' in operation) {
    // [LK3] Who is out after the item does not choose the new key.
    if (findAuthor(after, verified.header) === undefined) return 'no-right'
    const fault = findEpochStartFault(before, after, operation.epoch)
    if (fault !== undefined) return fault
  }
  return isEqual(verified.boxRecipients, boxRecipientsOf(after, verified)) ? undefined : 'recipients-wrong'
}

/** [LK2] [LK5] */
const findEpochStartFault = (
  before: MembershipState | undefined,
  after: MembershipState,
  epoch: EpochStart,
): NeverReason | undefined => {
  if ((epoch.previousKey === undefined) !== (before === undefined)) return 'epoch-wrong'
  const ids = recipientsOf(after).map(({ id }) => id)
  return isEqual(epoch.recipients, ids) ? undefined : 'recipients-wrong'
}

/** [LK6] For whom an item must carry sealed keys, in this order. */
export const boxRecipientsOf = (after: MembershipState, verified: VerifiedMembership): readonly string[] => {
  const { operation } = verified.header
  if ('epoch' in operation) return [...operation.epoch.recipients, ...agreementBoxOf(operation)]
  if (operation.kind === 'device-added') return [keyIdOf(operation.device.sealingKey)]
  if (operation.kind === 'invited') return [keyIdOf(operation.invitation)]
  const joined = operation.kind === 'redeemed' ? after.members.get(verified.header.account) : undefined
  return joined === undefined ? [] : [keyIdOf(joined.agreementKey)]
}

/** The private part of a new agreement key, sealed under the new epoch for the account's own devices, is the last box. */
const agreementBoxOf = (operation: MembershipOperation): readonly string[] =>
  'agreementKey' in operation ? [keyIdOf(operation.agreementKey)] : []

const isEqual = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id, index) => id === b[index])
