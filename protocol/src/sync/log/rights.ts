import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { SigningJwk } from '../../device-log.ts'
import type { MembershipState, Member, NeverReason, StandingDevice } from '../log-state.ts'
import type { Role } from '../membership.ts'

// Who may do what, by the membership at a place.

/** Who signed an item, as its header says. */
export type Author = { readonly account: AccountId; readonly device: DeviceId }

const ranks: Readonly<Record<Role, number>> = { viewer: 1, editor: 2, owner: 3 }

/** Has `role` at least the rights of `least`? */
export const reaches = (role: Role, least: Role): boolean => ranks[role] >= ranks[least]

/** The member and its device, if both stand. */
export const findAuthor = (
  state: MembershipState | undefined,
  author: Author,
): { readonly member: Member; readonly device: StandingDevice } | undefined => {
  const member = state?.members.get(author.account)
  const device = member?.devices.get(author.device)
  return member === undefined || device === undefined ? undefined : { member, device }
}

/** The key that verifies what the device signs; undefined when account or device does not belong to the collection. */
export const signingKeyOf = (
  state: MembershipState | undefined,
  account: AccountId,
  device: DeviceId,
): SigningJwk | undefined => findAuthor(state, { account, device })?.device.signingKey

/** Does the author stand with at least this role? */
export const holdsRole = (state: MembershipState | undefined, author: Author, least: Role): boolean => {
  const found = findAuthor(state, author)
  return found !== undefined && reaches(found.member.role, least)
}

/** [LE3] [LE4] Why the author may not write what builds on the place `seenSeq`; undefined when he may. */
export const findRightFault = (
  state: MembershipState | undefined,
  author: Author,
  seenSeq: number,
): NeverReason | undefined => {
  const found = findAuthor(state, author)
  if (found === undefined || !reaches(found.member.role, 'editor')) return 'no-right'
  return found.member.since > seenSeq || found.device.since > seenSeq ? 'right-broken' : undefined
}

/** May the author write now, and has he had that right without a break since the place `seenSeq`? */
export const mayWrite = (state: MembershipState | undefined, author: Author, seenSeq: number): boolean =>
  findRightFault(state, author, seenSeq) === undefined

/** [LM6] Is the account the only owner? */
export const isLastOwner = (state: MembershipState, account: AccountId): boolean =>
  state.members.get(account)?.role === 'owner' &&
  [...state.members.values()].filter(({ role }) => role === 'owner').length === 1
