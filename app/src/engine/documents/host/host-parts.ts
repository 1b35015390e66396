import type { Log } from '../../../ports/log.ts'
import type { DocumentsFault, LeaderAnswer } from '../documents.ts'
import type { ToHost } from '../messages/document-messages.ts'
import type { ForTab } from './watched-documents.ts'

/** Something that the leader does beside documents. Questions and values are plain data that can be cloned; a part parses its questions itself. */
export type HostPart = {
  /** The same question may come again, from the same tab too: it must have its effect once. */
  readonly answer: (question: unknown) => Promise<unknown>
  readonly value: (key: string) => unknown
  /** Calls the listener with the key of every value that has changed. */
  readonly onChange: (listener: (key: string) => void) => void
}

type Watched = { readonly part: string; readonly key: string; readonly tabs: Set<string> }
type Question = Extract<ToHost, { kind: 'ask' }>

/** [DO13] The parts of a leader, by name. */
export type HostParts = {
  readonly serve: (name: string, part: HostPart) => void
  readonly ask: (question: Question) => void
  readonly watch: (watched: { readonly part: string; readonly key: string }, tab: string) => void
  readonly leave: (tab: string) => void
  /** Questions that wait for a part are answered: nothing is served now. */
  readonly fail: () => void
}

type Dependencies = {
  readonly fault: () => DocumentsFault | undefined
  readonly send: (tab: string, message: ForTab) => void
  readonly log: Log
  /** A leader that has ended answers nothing: the next one does. */
  readonly hasEnded: () => boolean
}

export const createHostParts = (deps: Dependencies): HostParts => {
  const parts = new Map<string, HostPart>()
  const boards = new Map<string, Watched>()
  const early: Question[] = []
  const reply = ({ tab, number }: Question, answer: LeaderAnswer): void => {
    if (!deps.hasEnded()) deps.send(tab, { kind: 'reply', number, answer })
  }
  const ask = (question: Question): void => {
    const part = parts.get(question.part)
    const reason = deps.fault()
    if (part !== undefined) void answerOf(part, question, deps.log).then((answer) => reply(question, answer))
    else if (reason === undefined) early.push(question)
    else reply(question, { kind: 'unavailable', reason })
  }
  const askEarly = (): void => early.splice(0).forEach(ask)
  const tell = ({ part, key }: Watched, tab: string): void => {
    const value = parts.get(part)?.value(key)
    if (parts.has(part) && !deps.hasEnded()) deps.send(tab, { kind: 'value', part, key, value })
  }
  const tellAll = (name: string, key?: string): void => {
    for (const watched of boards.values())
      if (watched.part === name && (key === undefined || watched.key === key))
        for (const tab of watched.tabs) tell(watched, tab)
  }
  return {
    serve: (name, part) => {
      parts.set(name, part)
      part.onChange((key) => tellAll(name, key))
      tellAll(name)
      askEarly()
    },
    ask,
    watch: ({ part, key }, tab) => {
      const name = `${part}\n${key}`
      const known = boards.get(name) ?? { part, key, tabs: new Set() }
      boards.set(name, known)
      known.tabs.add(tab)
      tell(known, tab)
    },
    leave: (tab) => boards.forEach(({ tabs }) => tabs.delete(tab)),
    fail: askEarly,
  }
}

const answerOf = async (part: HostPart, { part: name, question }: Question, log: Log): Promise<LeaderAnswer> => {
  try {
    return { kind: 'answered', value: await part.answer(question) }
  } catch (cause) {
    log.failed(`a question was not answered: ${name}`)(cause)
    return { kind: 'failed' }
  }
}
