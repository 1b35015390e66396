import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import type { Answer } from '../../engine/library/library.ts'
import { useReadable, useServices } from './services-context.tsx'
import { useUiState } from './ui-state.tsx'

export type Pending<T> = Answer<T> | { readonly kind: 'loading' }
export type Asked<T> = { readonly answer: Pending<T>; readonly askAgain: () => void }

/** Asks when `key` changes, when the server comes back, and on `askAgain`. Equal keys mean equal questions. */
export const useAnswer = <T>(key: string, ask: (signal: AbortSignal) => Promise<Answer<T>>): Asked<T> => {
  const { answers } = useUiState()
  const isOnline = useReadable(useServices().isOnline)
  const [round, setRound] = useState(0)
  const [latest, setLatest] = useState<{ key: string; answer: Answer<T> }>()
  const run = useEffectEvent(async (signal: AbortSignal) => {
    const answer = await ask(signal)
    if (signal.aborted) return
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
