import type { Leader } from '../documents/documents.ts'
import type { PeopleFailure } from './people.ts'
import { parsePeopleAnswer, peoplePart, type AskedOfPeople, type PeopleAnswer } from './people-messages.ts'

/** Asks the leader about people. */
export type AskLeader = (question: AskedOfPeople) => Promise<PeopleAnswer | PeopleFailure>

const never = new AbortController().signal

export const createAskLeader =
  (leader: Pick<Leader, 'ask'>): AskLeader =>
  async (question) => {
    const answer = await leader.ask(peoplePart, question, never)
    if (answer.kind === 'unavailable') return answer
    return (answer.kind === 'answered' ? parsePeopleAnswer(answer.value) : undefined) ?? { kind: 'failed' }
  }
