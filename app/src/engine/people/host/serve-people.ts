import { isSyncId, parseCollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { HostPart } from '../../documents/host/host-parts.ts'
import type { Goal, Replica } from '../../replica/replica.ts'
import { parsePeopleQuestion, type PeopleAnswer, type PeopleQuestion } from '../people-messages.ts'
import { keepNames, type NamesDeps } from './keep-names.ts'
import { membershipOf } from './membership-view.ts'

type Deps = Omit<NamesDeps, 'replica'> & {
  readonly replica: NamesDeps['replica'] & Pick<Replica, 'pursue' | 'createShared'>
  /** A goal that the relay has not answered in this time is given up. */
  readonly timeoutMs?: number
}

const defaultTimeoutMs = 20_000

/** [PE1] The part of the leader that knows the people of shared collections. */
export const servePeople = (deps: Deps): HostPart => {
  keepNames(deps)
  return {
    answer: (question) => answer(deps, parsePeopleQuestion(question)),
    value: (key) => (isSyncId(key) ? membershipOf(deps, parseCollectionId(key)) : undefined),
    onChange: (listener) => void deps.replica.onChange(listener),
  }
}

const answer = async (deps: Deps, question: PeopleQuestion): Promise<PeopleAnswer> =>
  question.kind === 'begin' ? begin(deps, question) : pursue(deps, goalOf(question))

/** [PE2] A shared collection has its home where the own collection has it, once that has a place there. */
const begin = async (
  { replica, personal }: Deps,
  { nonce }: Extract<PeopleQuestion, { kind: 'begin' }>,
): Promise<PeopleAnswer> => {
  const home = replica.membership(personal)?.home
  const collection = home === undefined ? undefined : await replica.createShared(home, nonce)
  return collection === undefined ? { kind: 'no-place' } : { kind: 'begun', collection }
}

const goalOf = (question: Exclude<PeopleQuestion, { kind: 'begin' }>): Goal => {
  switch (question.kind) {
    case 'withdraw':
      return { ...question, kind: 'withdraw-invitation' }
    case 'remove':
      return { ...question, kind: 'remove-member' }
    default:
      return question
  }
}

const pursue = async ({ replica, timeoutMs = defaultTimeoutMs }: Deps, goal: Goal): Promise<PeopleAnswer> => {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const outcome = await replica.pursue(goal, signal)
    return { kind: outcome === 'impossible' ? 'impossible' : 'done' }
  } catch (cause) {
    if (signal.aborted) return { kind: 'no-relay' }
    throw cause
  }
}
