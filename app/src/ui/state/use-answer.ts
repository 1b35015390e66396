import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import type { Answer } from '../../engine/server/answer.ts'
import { useReadable, useServices } from './services-context.tsx'
import { useUiState } from './ui-state.tsx'
import { unlessAborted } from './unless-aborted.ts'

type Pending<T> = Answer<T> | { readonly kind: 'loading' }
export type Asked<T> = { readonly answer: Pending<T>; readonly askAgain: () => void }

/** Asks when `question` changes, when the rights of the account do, when the server comes back, and on `askAgain`. Equal names mean equal questions. */
export const useAnswer = <T>(question: string, ask: (signal: AbortSignal) => Promise<Answer<T>>): Asked<T> => {
  const { answers } = useUiState()
  const { isOnline: online, account } = useServices()
  const isOnline = useReadable(online)
  const view = useReadable(account.view)
  const key = `${question} ${view.kind === 'ready' ? view.rights.join() : ''}`
  const [round, setRound] = useState(0)
  const [latest, setLatest] = useState<{ key: string; answer: Answer<T> }>()
  const run = useEffectEvent(async (signal: AbortSignal) => {
    const answer = await unlessAborted(ask(signal), signal)
    if (answer === undefined) return
    if (answer.kind === 'ready') answers.put(key, answer)
    setLatest({ key, answer })
  })
  useEffect(() => {
    const controller = new AbortController()
    void run(controller.signal)
    return () => controller.abort()
  }, [key, round, isOnline])
  const kept = answers.get(key) as Answer<T> | undefined
  const isCurrent = latest?.key === key
  const answer = isCurrent && (latest.answer.kind === 'ready' || kept === undefined) ? latest.answer : kept
  const askAgain = useCallback(() => {
    setLatest(undefined)
    setRound((count) => count + 1)
  }, [])
  return { answer: answer ?? { kind: 'loading' }, askAgain }
}
