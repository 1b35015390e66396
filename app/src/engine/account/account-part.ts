import { maxStandingDevices } from '@tonestead/protocol/device-log'
import type { HostPart } from '../documents/host/host-parts.ts'
import type { Goal, GoalOutcome, Replica } from '../replica/replica.ts'
import { accountQuestionSchema, devicesValue, type AccountAnswer, type AccountQuestion } from './account-questions.ts'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'

/** The relay of a home is near; who waits longer is told that it does not answer. */
const goalLimitMs = 30_000

type Dependencies = {
  readonly replica: Pick<Replica, 'account' | 'pursue' | 'onChange'>
  readonly personal: CollectionId
}

/** [AC1] Changes the devices of the account in its log, for tabs. */
export const createAccountPart = ({ replica, personal }: Dependencies): HostPart => ({
  answer: (question) => change({ replica, personal }, accountQuestionSchema.parse(question)),
  value: (key) =>
    key === devicesValue ? replica.account()?.devices.map(({ device, name }) => ({ id: device, name })) : undefined,
  onChange: (listener) => {
    let before: string | undefined
    replica.onChange((collection) => {
      if (collection !== personal) return
      const now = replica
        .account()
        ?.devices.map(({ device }) => device)
        .join(' ')
      if (now !== before) listener(devicesValue)
      before = now
    })
  },
})

const change = async ({ replica, personal }: Dependencies, question: AccountQuestion): Promise<AccountAnswer> => {
  const devices = replica.account()?.devices ?? []
  const stands = devices.some(({ device }) => device === question.device)
  if (question.kind === 'add-device' && !stands && devices.length >= maxStandingDevices) return { kind: 'full' }
  const outcome = await pursueSoon(replica, { collection: personal, ...question })
  if (outcome === undefined) return { kind: 'unconfirmed' }
  const account = replica.account()
  if (outcome === 'impossible' || account === undefined) return { kind: 'impossible' }
  return { kind: 'done', deviceLog: [...account.deviceLog] }
}

/** Undefined when the goal was not reached in time: it is given up. */
const pursueSoon = async (
  replica: Pick<Replica, 'pursue'>,
  goal: Extract<Goal, { kind: 'add-device' | 'remove-device' }>,
): Promise<GoalOutcome | undefined> => {
  const signal = AbortSignal.timeout(goalLimitMs)
  try {
    return await replica.pursue(goal, signal)
  } catch (cause) {
    if (signal.aborted) return undefined
    throw cause
  }
}
