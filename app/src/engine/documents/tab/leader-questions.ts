import { createCell, type Cell } from '../../cell.ts'
import type { DocumentsFault, Leader, LeaderAnswer } from '../documents.ts'
import type { ToTab } from '../messages/document-messages.ts'
import type { TabLink } from './tab-link.ts'

type Asked = {
  readonly part: string
  readonly question: unknown
  readonly resolve: (answer: LeaderAnswer) => void
}

/** [DO13] What one tab asks of the parts of the leader, and the values that it watches there. */
export type LeaderQuestions = Leader & {
  readonly isWaiting: () => boolean
  readonly receive: (message: Extract<ToTab, { kind: 'reply' | 'value' }>) => void
  readonly resend: () => void
  readonly fail: (reason: DocumentsFault) => void
}

export const createLeaderQuestions = (link: () => TabLink): LeaderQuestions => {
  const asked = new Map<number, Asked>()
  const values = new Map<string, { readonly part: string; readonly key: string; readonly cell: Cell<unknown> }>()
  let numbers = 0

  const send = (number: number, { part, question }: Asked): void => link().send({ kind: 'ask', number, part, question })
  const settle = (number: number, answer: LeaderAnswer): void => {
    asked.get(number)?.resolve(answer)
    asked.delete(number)
  }
  const ask: Leader['ask'] = (part, question, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      numbers += 1
      const number = numbers
      const onAbort = (): void => {
        asked.delete(number)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      const settled = (answer: LeaderAnswer): void => {
        signal.removeEventListener('abort', onAbort)
        resolve(answer)
      }
      const entry = { part, question, resolve: settled }
      asked.set(number, entry)
      send(number, entry)
    })
  const value: Leader['value'] = (part, key) => {
    const name = `${part}\n${key}`
    const known = values.get(name)
    if (known !== undefined) return known.cell
    const cell = createCell<unknown>(undefined)
    values.set(name, { part, key, cell })
    link().send({ kind: 'watch-value', part, key })
    return cell
  }
  return {
    ask,
    value,
    isWaiting: () => asked.size > 0,
    receive: (message) => {
      if (message.kind === 'reply') settle(message.number, message.answer)
      else values.get(`${message.part}\n${message.key}`)?.cell.set(message.value)
    },
    resend: () => {
      for (const { part, key } of values.values()) link().send({ kind: 'watch-value', part, key })
      for (const [number, question] of asked) send(number, question)
    },
    fail: (reason) => {
      for (const number of [...asked.keys()]) settle(number, { kind: 'unavailable', reason })
    },
  }
}
