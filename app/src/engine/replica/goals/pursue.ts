import { keyIdOf } from '@tonestead/protocol/sync/keys/agreement-key'
import { invitationKeys, signRedemption } from '@tonestead/protocol/sync/keys/invitation-link'
import type { ReplicaContext } from '../replica-context.ts'
import type { Goal, GoalOutcome } from '../replica.ts'
import { createGoalState, type GoalState, type ShownInvitation } from './goal-state.ts'

/** Adds a goal. The link of an invitation brings a key that may open the collection, and shows the relay that its log may be read. */
export const addGoal = async (
  context: ReplicaContext,
  goal: Goal,
  settle: (outcome: GoalOutcome) => void,
): Promise<GoalState> => {
  const state = createGoalState(
    goal,
    settle,
    goal.kind === 'redeem' || goal.kind === 'look' ? await takeInvitation(context, goal) : undefined,
  )
  context.goals.add(state)
  return state
}

const takeInvitation = async (
  context: ReplicaContext,
  { secret, collection }: Extract<Goal, { kind: 'redeem' | 'look' }>,
): Promise<ShownInvitation> => {
  const { subtle, device, secrets } = context
  const { sealing, proof } = await invitationKeys({ subtle }, secret)
  const invitation = keyIdOf(sealing.publicKey)
  secrets.set(invitation, sealing)
  context.hasNewKeys = true
  const redemption = { collection, account: device.account, device: device.device }
  return { invitation, proof: await signRedemption({ subtle, signingKey: proof.privateKey }, redemption) }
}
