import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import type { Answer } from '../../engine/server/answer.ts'
import { useReadable, useServices } from './services-context.tsx'
import { useUiState } from './ui-state.tsx'
import { unlessAborted } from './unless-aborted.ts'

export type AnswerState<T> = {
  readonly answer: Answer<T> | { readonly kind: 'loading' }
  readonly retry: () => void
}

/** Runs `request` when `name` changes, when the rights of the account change, when the server comes back, and on `retry`. Equal names must mean equal requests. */
export const useAnswer = <T>(name: string, request: (signal: AbortSignal) => Promise<Answer<T>>): AnswerState<T> => {
  const { answers } = useUiState()
  const { isOnline: online, account } = useServices()
  const isOnline = useReadable(online)
  const view = useReadable(account.view)
  const key = `${name} ${view.kind === 'ready' ? view.rights.join() : ''}`
  const [round, setRound] = useState(0)
  const [latest, setLatest] = useState<{ key: string; answer: Answer<T> }>()
  const run = useEffectEvent(async (signal: AbortSignal) => {
    const answer = await unlessAborted(request(signal), signal)
    if (answer === undefined) return
    if (answer.kind === 'ready') answers.put(key, answer)
    setLatest({ key, answer })
  })
  useEffect(() => {
    const controller = new AbortController()
    void run(controller.signal)
    return () => controller.abort()
  }, [key, round, isOnline])
  const cached = answers.get(key) as Answer<T> | undefined
  const isCurrent = latest?.key === key
  const answer = isCurrent && (latest.answer.kind === 'ready' || cached === undefined) ? latest.answer : cached
  const retry = useCallback(() => {
    setLatest(undefined)
    setRound((count) => count + 1)
  }, [])
  return { answer: answer ?? { kind: 'loading' }, retry }
}
