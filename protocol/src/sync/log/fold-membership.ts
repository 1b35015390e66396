import type { AccountId } from '@tonestead/crdt/ids'
import type { Member, MembershipState, StandingDevice } from '../log-state.ts'
import type { MembershipHeader, MembershipOperation, Role } from '../membership.ts'
import { keyIdOf } from '../keys/agreement-key.ts'
import { parseEpochId, type EpochId } from '../sync-ids.ts'
import { accountOfMember, foldAccount, isSameKey, memberFieldsOf, type AccountState } from './account-log.ts'
import { reaches } from './rights.ts'
import type { VerifiedMembership } from './verified-item.ts'

/** What an item changes; the rest is the same for all operations. */
type Change = Partial<Pick<MembershipState, 'members' | 'invitations' | 'isStale' | 'home' | 'generation'>>
type Of<Kind extends MembershipOperation['kind']> = Extract<MembershipOperation, { kind: Kind }>
type Fold<Kind extends MembershipOperation['kind']> = {
  readonly state: MembershipState
  readonly operation: Of<Kind>
  readonly verified: VerifiedMembership
  readonly seq: number
}

/**
 * [LM1] The membership after a membership item at place `seq`. `state`: the membership before it; undefined for the first item. Pure. The item has passed
 * `checkMembership` on this state; the result for another one is not defined.
 */
export const foldMembership = (
  state: MembershipState | undefined,
  verified: VerifiedMembership,
  seq: number,
): MembershipState => {
  const { operation } = verified.header
  if (operation.kind === 'account-created' || operation.kind === 'created') return firstState(verified, seq)
  if (state === undefined) throw new Error('a log begins with a creation')
  const change = state.kind === 'personal' ? foldPersonal(state, verified, seq) : foldShared(state, verified, seq)
  const begun = 'epoch' in operation ? { epoch: epochOf(verified), isStale: false } : {}
  return { ...state, ...change, ...begun, base: verified.id, count: state.count + 1 }
}

/** The epoch that this item begins has the item's id. */
const epochOf = ({ id }: VerifiedMembership): EpochId => parseEpochId(id)

const firstState = (verified: VerifiedMembership, seq: number): MembershipState => {
  const { operation } = verified.header
  if (operation.kind !== 'account-created' && operation.kind !== 'created')
    throw new Error('not the first item of a log')
  const isPersonal = operation.kind === 'account-created'
  const account = isPersonal ? foldAccount(undefined, verified, seq) : settleDevices(proved(verified), undefined, seq)
  return {
    kind: isPersonal ? 'personal' : 'shared',
    members: new Map([[account.account, memberOf(account, 'owner', seq)]]),
    invitations: new Map(),
    base: verified.id,
    count: 1,
    epoch: epochOf(verified),
    isStale: false,
    home: operation.home,
    generation: 0,
    recoveryKey: isPersonal ? operation.recoveryKey : undefined,
  }
}

const memberOf = (account: AccountState, role: Role, seq: number): Member => ({
  ...memberFieldsOf(account),
  role,
  since: seq,
  ownerSince: role === 'owner' ? seq : undefined,
})

const foldPersonal = (state: MembershipState, verified: VerifiedMembership, seq: number): Change => {
  const member = memberNamed(state, verified.header.account)
  const account = foldAccount(accountOfMember(member), verified, seq)
  return { members: withMember(state, { ...member, ...memberFieldsOf(account) }), ...rehoming(verified.header) }
}

const rehoming = ({ operation }: MembershipHeader): Change =>
  operation.kind === 're-homed' ? { home: operation.home, generation: operation.generation } : {}

const foldShared = (state: MembershipState, verified: VerifiedMembership, seq: number): Change => {
  const { operation, account } = verified.header
  switch (operation.kind) {
    case 'invited':
      return { invitations: new Map([...state.invitations, invitationOf(operation)]) }
    case 'invitation-withdrawn':
      return { invitations: without(state.invitations, [operation.invitation]) }
    case 'redeemed':
      return foldRedeemed({ state, operation, verified, seq })
    case 'role':
      return { members: withMember(state, changeRole(memberNamed(state, operation.account), operation.role, seq)) }
    case 'removed':
      return { members: without(state.members, [operation.account]) }
    case 'left':
      return { members: without(state.members, [account]), isStale: true }
    case 'account-advanced':
      return foldAdvanced({ state, operation, verified, seq })
    case 'epoch':
      return { invitations: without(state.invitations, operation.expired) }
    default:
      return rehoming(verified.header)
  }
}

const invitationOf = ({ invitation, proofKey, role, expiresAt }: Of<'invited'>) =>
  [keyIdOf(invitation), { key: invitation, proofKey, role, expiresAt }] as const

const foldRedeemed = ({ state, operation, verified, seq }: Fold<'redeemed'>): Change => {
  const invitation = state.invitations.get(operation.invitation)
  if (invitation === undefined) throw new Error('redeems an invitation that is not open')
  const account = settleDevices(proved(verified), undefined, seq)
  return {
    invitations: without(state.invitations, [operation.invitation]),
    members: withMember(state, memberOf(account, invitation.role, seq)),
  }
}

/** [LE4] Whoever gets the right to write has it since this place; whoever only changes between roles that write keeps his place. */
const changeRole = (member: Member, role: Role, seq: number): Member => ({
  ...member,
  role,
  since: reaches(role, 'editor') && !reaches(member.role, 'editor') ? seq : member.since,
  ownerSince: role === 'owner' ? (member.ownerSince ?? seq) : undefined,
})

/**
 * [LK4] A new agreement key means that a device was taken away: possibly one that this collection has never known, and that could open what was sealed to
 * the key before. A re-homing of the account can take a device away without a new key [LP6].
 */
const foldAdvanced = ({ state, verified, seq }: Fold<'account-advanced'>): Change => {
  const account = proved(verified)
  const member = memberNamed(state, account.account)
  const fields = memberFieldsOf(settleDevices(account, member, seq))
  const isRotated = !isSameKey(account.agreementKey, member.agreementKey)
  const isAnyGone = [...member.devices.keys()].some((device) => !account.devices.has(device))
  return { members: withMember(state, { ...member, ...fields }), isStale: state.isStale || isRotated || isAnyGone }
}

/** [LP4] Devices that have stood since the collection learned of them keep their place; all others stand since `seq`. */
const settleDevices = (account: AccountState, before: Member | undefined, seq: number): AccountState => {
  const settle = (device: StandingDevice): StandingDevice => ({
    ...device,
    since: (device.since === 0 ? before?.devices.get(device.device)?.since : undefined) ?? seq,
  })
  return { ...account, devices: new Map([...account.devices].map(([id, device]) => [id, settle(device)])) }
}

const proved = ({ account }: VerifiedMembership): AccountState => {
  if (account === undefined) throw new Error('the operation has no verified account')
  return account
}

const memberNamed = (state: MembershipState, account: AccountId): Member => {
  const member = state.members.get(account)
  if (member === undefined) throw new Error('the operation names no member')
  return member
}

const withMember = (state: MembershipState, member: Member): MembershipState['members'] =>
  new Map([...state.members, [member.account, member]])

const without = <Key, Value>(map: ReadonlyMap<Key, Value>, keys: readonly Key[]): ReadonlyMap<Key, Value> => {
  const rest = new Map(map)
  for (const key of keys) rest.delete(key)
  return rest
}
