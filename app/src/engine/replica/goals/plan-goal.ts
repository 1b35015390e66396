import type { AgreementJwk } from '@tonestead/protocol/device-log'
import { keyIdOf } from '@tonestead/protocol/sync/keys/agreement-key'
import { invitationKeys, signRedemption } from '@tonestead/protocol/sync/keys/invitation-link'
import { findAuthor, isLastOwner, reaches } from '@tonestead/protocol/sync/log/rights'
import type { MembershipState } from '@tonestead/protocol/sync/log-state'
import type { MembershipOperation } from '@tonestead/protocol/sync/membership'
import type { CollectionState } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import type { Goal } from '../replica.ts'
import { ownAccountProof, standsInsteadOfKnown } from './account-proof.ts'

type WithoutEpoch<T> = T extends { readonly epoch: unknown } ? Omit<T, 'epoch'> : T
/** An operation whose epoch is still to be made. `begins`: it begins one. */
export type Plan = {
  readonly kind: 'operation'
  readonly begins: boolean
  readonly operation: WithoutEpoch<MembershipOperation>
}

/** What a goal needs on this membership. `wait`: something has to come first. */
export type Planned = Plan | { readonly kind: 'reached' | 'impossible' | 'wait' }

/** Where an operation names a new agreement key: the key is made with the item, because its private part is sealed under the new epoch. */
export const placeholderKey: AgreementJwk = { kty: 'EC', crv: 'P-256', x: '', y: '' }

const reached: Planned = { kind: 'reached' }
const impossible: Planned = { kind: 'impossible' }
const waiting: Planned = { kind: 'wait' }
const plan = (operation: Plan['operation']): Planned => ({ kind: 'operation', begins: false, operation })
/** [RP21] Whatever takes a reader away begins an epoch at once, where the author goes on. */
const planEpoch = (operation: Plan['operation']): Planned => ({ kind: 'operation', begins: true, operation })

/** [RP22] What has to be done for the goal on the membership as it is now. Decided anew whenever that has changed. */
export const planGoal = async (context: ReplicaContext, state: CollectionState, goal: Goal): Promise<Planned> => {
  const now = state.log.now()
  if (now === undefined) return waiting
  if (goal.kind === 'redeem' || goal.kind === 'look') return planByLink(context, state, { goal, now })
  if (findAuthor(now, context.device) === undefined) return planWithoutRight(context, now, goal)
  return planAsMember(context, now, goal)
}

const planAsMember = async (
  context: ReplicaContext,
  now: MembershipState,
  goal: Exclude<Goal, { kind: 'redeem' | 'look' }>,
): Promise<Planned> => {
  switch (goal.kind) {
    case 'leave':
      return planLeaving(context, now)
    case 'begin-epoch':
      return planNewEpoch(context, now)
    case 'advance-account':
      return planAdvance(context, now)
    case 'add-device':
    case 'remove-device':
      return now.kind === 'personal' ? planDevice(context, now, goal) : impossible
    default:
      return now.members.get(context.device.account)?.role === 'owner' ? planOwner(context, now, goal) : impossible
  }
}

/** [RP23] Whose device is not known may still tell the collection of its account. */
const planWithoutRight = (context: ReplicaContext, now: MembershipState, { kind }: Goal): Planned => {
  if (kind === 'leave') return reached
  const known = now.members.get(context.device.account)
  return kind === 'advance-account' && standsInsteadOfKnown(context, known) ? planAdvance(context, now) : impossible
}

const planLeaving = ({ device }: ReplicaContext, now: MembershipState): Planned =>
  isLastOwner(now, device.account) ? impossible : plan({ kind: 'left' })

type Of<Kind extends Goal['kind']> = Extract<Goal, { kind: Kind }>

/** Minutes by which clocks may differ; the relay judges the time of an invitation by its own. */
const clockSkewMs = 10 * 60_000

/** An epoch that is not stale is begun anew only when a person asks for it; `goal` is reached with the first that follows. */
const planNewEpoch = ({ clock, device }: ReplicaContext, now: MembershipState): Planned => {
  const role = now.members.get(device.account)?.role
  if (role === undefined || !reaches(role, 'editor')) return impossible
  if (!now.isStale) return reached
  const expired = [...now.invitations].filter(([, { expiresAt }]) => expiresAt + clockSkewMs < clock.now())
  return planEpoch({ kind: 'epoch', expired: expired.map(([id]) => id).toSorted() })
}

const planAdvance = (context: ReplicaContext, now: MembershipState): Planned => {
  const known = now.members.get(context.device.account)
  const account = ownAccountProof(context, known?.accountItems ?? 0)
  return account === undefined ? reached : plan({ kind: 'account-advanced', account })
}

const planDevice = (
  { device }: ReplicaContext,
  now: MembershipState,
  goal: Of<'add-device' | 'remove-device'>,
): Planned => {
  const stands = now.members.get(device.account)?.devices.has(goal.device) === true
  if (goal.kind === 'add-device') {
    const { signingKey, sealingKey, name } = goal
    return stands
      ? reached
      : plan({ kind: 'device-added', device: { device: goal.device, signingKey, sealingKey, name }, joinBox: true })
  }
  if (!stands) return reached
  if (goal.device === device.device) return impossible
  return planEpoch({ kind: 'device-removed', device: goal.device, agreementKey: placeholderKey })
}

const planOwner = async (
  context: ReplicaContext,
  now: MembershipState,
  goal: Of<'invite' | 'withdraw-invitation' | 'change-role' | 'remove-member'>,
): Promise<Planned> => {
  switch (goal.kind) {
    case 'invite':
      return planInviting(context, now, goal)
    case 'withdraw-invitation':
      if (!now.invitations.has(goal.invitation)) return reached
      return planEpoch({ kind: 'invitation-withdrawn', invitation: goal.invitation })
    case 'change-role':
      return planRole(now, goal)
    case 'remove-member':
      if (!now.members.has(goal.account)) return reached
      if (goal.account === context.device.account) return planLeaving(context, now)
      return isLastOwner(now, goal.account) ? impossible : planEpoch({ kind: 'removed', account: goal.account })
  }
}

const planInviting = async (
  { subtle }: ReplicaContext,
  now: MembershipState,
  { secret, role, expiresAt }: Of<'invite'>,
): Promise<Planned> => {
  const { sealing, proof } = await invitationKeys({ subtle }, secret)
  if (now.invitations.has(keyIdOf(sealing.publicKey))) return reached
  if (role === 'owner') return impossible
  const keys = { invitation: sealing.publicKey, proofKey: proof.publicKey }
  return plan({ kind: 'invited', ...keys, role, expiresAt, joinBox: true })
}

const planRole = (now: MembershipState, { account, role }: Of<'change-role'>): Planned => {
  const member = now.members.get(account)
  if (member?.role === role) return reached
  return member === undefined || isLastOwner(now, account) ? impossible : plan({ kind: 'role', account, role })
}

/** [RP18] The invitation's key opens the current epoch; it is sealed on to the account. */
const planRedeeming = async (
  context: ReplicaContext,
  state: CollectionState,
  { goal, now }: { goal: Of<'redeem'>; now: MembershipState },
): Promise<Planned> => {
  const { subtle, device } = context
  if (now.members.has(device.account)) return reached
  const { sealing, proof } = await invitationKeys({ subtle }, goal.secret)
  const invitation = keyIdOf(sealing.publicKey)
  if (!now.invitations.has(invitation)) return impossible
  const account = ownAccountProof(context, 0)
  if (account === undefined || !state.epochs.has(now.epoch)) return waiting
  const redemption = { collection: state.id, account: device.account, device: device.device }
  const signed = await signRedemption({ subtle, signingKey: proof.privateKey }, redemption)
  return plan({ kind: 'redeemed', invitation, account, proof: signed, joinBox: true })
}

/** What who is no member does with an invitation link. */
const planByLink = (
  context: ReplicaContext,
  state: CollectionState,
  { goal, now }: { goal: Of<'redeem' | 'look'>; now: MembershipState },
): Promise<Planned> =>
  goal.kind === 'redeem' ? planRedeeming(context, state, { goal, now }) : planLooking(context, state, { goal, now })

/** [RP30] Everything of the log has been read, and the invitation opens it. */
const planLooking = async (
  { subtle, device }: ReplicaContext,
  state: CollectionState,
  { goal, now }: { goal: Of<'look'>; now: MembershipState },
): Promise<Planned> => {
  const { sealing } = await invitationKeys({ subtle }, goal.secret)
  if (!now.members.has(device.account) && !now.invitations.has(keyIdOf(sealing.publicKey))) return impossible
  return state.judged === state.log.length() ? reached : waiting
}
