import type { Answer } from '../../engine/server/answer.ts'

/** Answers shown before: after going back, a page is drawn at once while its request runs again. Beyond `capacity`, the oldest is dropped. */
export type AnswerCache = {
  get(key: string): Answer<unknown> | undefined
  put(key: string, answer: Answer<unknown>): void
}

export const createAnswerCache = (capacity = 60): AnswerCache => {
  const answers = new Map<string, Answer<unknown>>()
  return {
    get: (key) => answers.get(key),
    put: (key, answer) => {
      answers.delete(key)
      answers.set(key, answer)
      const oldest = answers.keys().next()
      if (answers.size > capacity && oldest.done !== true) answers.delete(oldest.value)
    },
  }
}
