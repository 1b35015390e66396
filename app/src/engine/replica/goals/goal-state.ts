import type { ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { Goal, GoalOutcome } from '../replica.ts'

/** An open invitation, and the proof of its redemption. */
export type ShownInvitation = { readonly invitation: string; readonly proof: string }

/** A goal that is being pursued. */
export type GoalState = {
  readonly goal: Goal
  /** Nobody asked for it. */
  readonly isOwn: boolean
  readonly settle: (outcome: GoalOutcome) => void
  /** Of a redemption and a look: what shows the relay that the link is here, so that it gives the log to who is no member yet. */
  readonly shown: ShownInvitation | undefined
  /** The item that was made for it last, and the length of the log then. */
  sent: ItemId | undefined
  sentAtLength: number
  /** The relay's reason, when it refused that item. */
  refusedFor: string | undefined
  /** Every item that was made for it: the goal is reached when one of them is in the log. */
  readonly items: Set<ItemId>
}

export const createGoalState = (
  goal: Goal,
  settle?: (outcome: GoalOutcome) => void,
  shown?: ShownInvitation,
): GoalState => ({
  goal,
  isOwn: settle === undefined,
  settle: settle ?? (() => undefined),
  shown,
  sent: undefined,
  sentAtLength: 0,
  refusedFor: undefined,
  items: new Set(),
})
