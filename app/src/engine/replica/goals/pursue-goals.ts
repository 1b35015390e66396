import { verifyAccountProof } from '@tonestead/protocol/sync/log/verify-account'
import type { AccountState } from '@tonestead/protocol/sync/log/account-log'
import { canSealLater } from '../writing/can-seal.ts'
import type { CollectionState } from '../collection/collection-state.ts'
import { isHome, sendAppend } from '../links/deliver.ts'
import type { LinkState } from '../links/link-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { createGoalState, type GoalState } from './goal-state.ts'
import { standsInsteadOfKnown } from './account-proof.ts'
import { makeItem } from './make-item.ts'
import { planGoal, type Plan, type Planned } from './plan-goal.ts'

/**
 * [RP22] Brings every goal of the collection one step further. An item is made on the membership as it is; when another item came first, the relay refuses it,
 * the new one is read, and the goal is decided anew.
 */
export const pursueGoals = async (
  context: ReplicaContext,
  links: Iterable<LinkState>,
  state: CollectionState,
): Promise<void> => {
  setOwnGoals(context, state)
  const home = [...links].find((link) => link.isOpen && !link.isClosed && isHome(state, link))
  for (const goal of [...context.goals]) {
    if (goal.goal.collection !== state.id || state.alarm !== undefined) continue
    if ([...goal.items].some((id) => state.log.seqOf(id) !== undefined)) finish(context, goal, 'done')
    else if (home !== undefined && isDue(state, home, goal)) await step(context, state, { goal, home })
  }
}

/** Refusals that others can end: by an item that comes first, or by telling the collection of an account that has advanced. */
const passingReasons: ReadonlySet<string> = new Set(['base-moved', 'account-behind'])

const finish = (
  { goals, turn }: ReplicaContext,
  goal: GoalState,
  outcome: Parameters<GoalState['settle']>[0],
): void => {
  goals.delete(goal)
  turn.sends.push(() => goal.settle(outcome))
}

/** An item is under way until the relay has refused it and what made it refuse it has been read, or the link on which it was sent is gone. */
const isDue = (state: CollectionState, home: LinkState, goal: GoalState): boolean => {
  if (goal.sent === undefined || !home.sent.has(goal.sent)) return true
  return goal.refusedFor !== undefined && (goal.refusedFor !== 'base-moved' || state.log.length() > goal.sentAtLength)
}

const step = async (
  context: ReplicaContext,
  state: CollectionState,
  { goal, home }: { goal: GoalState; home: LinkState },
): Promise<void> => {
  const planned = await planGoal(context, state, goal.goal)
  if (planned.kind !== 'operation')
    return void finishPlanned(context, goal, { planned, isWhole: isConfirmed(state, home) })
  // Refused on this very membership for another reason than its base: trying again would not help until something changes.
  if (goal.refusedFor !== undefined && state.log.length() === goal.sentAtLength) {
    if (!goal.isOwn && !passingReasons.has(goal.refusedFor)) finish(context, goal, 'impossible')
    return
  }
  const item = await makeFor(context, state, planned)
  if (item === undefined) return
  goal.sent = item.id
  goal.sentAtLength = state.log.length()
  goal.refusedFor = undefined
  goal.items.add(item.id)
  sendAppend(context, home, { id: state.id, item })
}

/** `isWhole`: the log is here as a whole. What an invitation shows is not, before it has been read: the log may be one of somebody who was a member before. */
const finishPlanned = (
  context: ReplicaContext,
  goal: GoalState,
  { planned, isWhole }: { readonly planned: Planned; readonly isWhole: boolean },
): void => {
  if (planned.kind === 'reached' && (goal.goal.kind !== 'look' || isWhole)) finish(context, goal, 'not-needed')
  if (planned.kind === 'impossible' && (goal.shown === undefined || isWhole)) finish(context, goal, 'impossible')
}

/** The relay has confirmed on this link that the log here is whole. */
const isConfirmed = ({ id, log }: CollectionState, { confirmed }: LinkState): boolean =>
  confirmed.get(id)?.seq === log.length()

const makeFor = async (context: ReplicaContext, state: CollectionState, plan: Plan) => {
  const now = state.log.now()
  const currentKey = now === undefined ? undefined : state.epochs.get(now.epoch)?.bytes
  if (currentKey === undefined && needsKey(plan)) return undefined
  const account = await provedAccount(context, plan)
  return makeItem(context, { collection: state.id, now, currentKey, account }, plan)
}

/** Without the current key nobody can be given it, and no epoch can carry it on. */
const needsKey = ({ begins, operation }: Plan): boolean => begins || 'joinBox' in operation

const provedAccount = async (context: ReplicaContext, { operation }: Plan): Promise<AccountState | undefined> =>
  operation.kind === 'redeemed' ? verifyAccountProof(context, operation.account, undefined) : undefined

/** [RP21] [RP23] Goals that nobody has to ask for: a new epoch when intents wait for it, and what other collections must learn of the own account. */
const setOwnGoals = (context: ReplicaContext, state: CollectionState): void => {
  const now = state.log.now()
  if (now === undefined || state.alarm !== undefined) return
  const { id: collection } = state
  if (now.isStale && state.todo.length > 0 && canSealLater(state, context.device))
    addGoal(context, { kind: 'begin-epoch', collection })
  const member = now.members.get(context.device.account)
  if (
    now.kind === 'shared' &&
    member !== undefined &&
    (member.devices.has(context.device.device) || standsInsteadOfKnown(context, member)) &&
    isBehind(context, member.accountItems)
  )
    addGoal(context, { kind: 'advance-account', collection, account: context.device.account })
}

const isBehind = (context: ReplicaContext, known: number): boolean => {
  const personal = [...context.collections.values()].find(({ log }) => log.now()?.kind === 'personal')
  return (personal?.log.membershipPlaces().length ?? 0) > known
}

const addGoal = ({ goals }: ReplicaContext, goal: GoalState['goal']): void => {
  const isKnown = [...goals].some(({ goal: other }) => other.kind === goal.kind && other.collection === goal.collection)
  if (!isKnown) goals.add(createGoalState(goal))
}
