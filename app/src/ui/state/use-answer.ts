import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import type { Answer } from '../../engine/server/answer.ts'
import { followAnswer, whenVisibleAfter } from './follow-answer.ts'
import { useReadable, useServices } from './services-context.tsx'
import { useUiState } from './ui-state.tsx'
import { unlessAborted } from './unless-aborted.ts'

export type AnswerState<T> = {
  readonly answer: Answer<T> | { readonly kind: 'loading' }
  readonly retry: () => void
}

type Options<T> = {
  /** Requests again while the page is visible, at last in waits of this many milliseconds. A change makes the other answers request again too. */
  readonly follow?: (value: T) => number
}

/** Runs `request` when `name` changes, when the rights of the account change, when the server comes back, when the catalog has changed, and on `retry`. Equal names must mean equal requests. */
export const useAnswer = <T>(
  name: string,
  request: (signal: AbortSignal) => Promise<Answer<T>>,
  { follow }: Options<T> = {},
): AnswerState<T> => {
  const { answers, catalogRound } = useUiState()
  const { isOnline: online, account } = useServices()
  const isOnline = useReadable(online)
  const view = useReadable(account.view)
  const changes = useReadable(catalogRound)
  const key = `${name} ${view.kind === 'ready' ? view.rights.join() : ''}`
  const [round, setRound] = useState(0)
  const [latest, setLatest] = useState<{ key: string; answer: Answer<T> }>()
  const ask = useEffectEvent(async (signal: AbortSignal) => {
    const answer = await unlessAborted(request(signal), signal)
    if (answer === undefined) return undefined
    if (answer.kind === 'ready') answers.put(key, answer)
    setLatest({ key, answer })
    return answer
  })
  const longestWaitMs = useEffectEvent((value: T) => follow?.(value))
  useEffect(() => {
    const controller = new AbortController()
    const onChange = () => catalogRound.change((count) => count + 1)
    void followAnswer({ ask, longestWaitMs, onChange, wait: whenVisibleAfter, signal: controller.signal })
    return () => controller.abort()
  }, [key, round, isOnline, catalogRound, follow === undefined ? changes : 0])
  const cached = answers.get(key) as Answer<T> | undefined
  const isCurrent = latest?.key === key
  const answer = isCurrent && (latest.answer.kind === 'ready' || cached === undefined) ? latest.answer : cached
  const retry = useCallback(() => {
    setLatest(undefined)
    setRound((count) => count + 1)
  }, [])
  return { answer: answer ?? { kind: 'loading' }, retry }
}
