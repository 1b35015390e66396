import { keyIdOf } from '@tonestead/protocol/sync/keys/agreement-key'
import { invitationKeys } from '@tonestead/protocol/sync/keys/invitation-link'
import type { ReplicaContext } from '../replica-context.ts'
import type { Goal, GoalOutcome } from '../replica.ts'
import { createGoalState, type GoalState } from './goal-state.ts'

/** Adds a goal. The link of an invitation brings a key that may open the collection. */
export const addGoal = async (
  context: ReplicaContext,
  goal: Goal,
  settle: (outcome: GoalOutcome) => void,
): Promise<GoalState> => {
  if (goal.kind === 'redeem') {
    const { sealing } = await invitationKeys({ subtle: context.subtle }, goal.secret)
    context.secrets.set(keyIdOf(sealing.publicKey), sealing)
    context.hasNewKeys = true
  }
  const state = createGoalState(goal, settle)
  context.goals.add(state)
  return state
}
