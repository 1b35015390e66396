import { useEffect, useRef, useState } from 'react'
import type { SearchQuestion } from '../../engine/search/search.ts'
import { delay } from '../state/delay.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { countFound, spokenResult } from './found-text.ts'
import { addressOf } from './search-address.ts'
import type { ShownAnswer } from './use-search-answer.ts'
import css from './search-page.module.css'

// Nobody wants to hear a number for every letter.
const restMs = 700

/** Says how many results there are when the typing rests. */
export const ResultStatus = ({
  question,
  answer,
}: {
  question: SearchQuestion
  answer: Pick<ShownAnswer, 'found' | 'isBusy' | 'failure'>
}) => {
  const online = useReadable(useServices().isOnline)
  const [said, setSaid] = useState('')
  const before = useRef({ name: '', isMore: false })
  const name = addressOf(question)
  const { found, isBusy, failure } = answer
  const message =
    failure !== undefined
      ? 'The search failed.'
      : isBusy || found === undefined
        ? undefined
        : spokenResult(question, found, online)
  const isMore = found !== undefined && countFound(found, question.kind).isMore
  useEffect(() => {
    // Further pages of the same answer are no news.
    if (message === undefined || (before.current.name === name && before.current.isMore)) return
    const controller = new AbortController()
    void delay(restMs, controller.signal).then(() => {
      if (controller.signal.aborted) return
      before.current = { name, isMore }
      setSaid(message)
    })
    return () => controller.abort()
  }, [message, name, isMore])
  return (
    <p role="status" aria-live="polite" className={css['spoken']}>
      {said}
    </p>
  )
}
