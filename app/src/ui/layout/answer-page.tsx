import type { ReactNode } from 'react'
import { HeroSkeleton, RowSkeletons } from '../controls/skeleton.tsx'
import type { AnswerState } from '../state/use-answer.ts'
import { AnswerNotice } from './answer-notice.tsx'
import page from './page.module.css'

type AnswerPageProps<T> = { state: AnswerState<T>; children: (value: T) => ReactNode }

/** A page about one release, artist or track: a skeleton while it loads, a notice when that failed, else the content. */
export const AnswerPage = <T,>({ state: { answer, retry }, children }: AnswerPageProps<T>) => {
  if (answer.kind === 'loading') {
    return (
      <div className={page['page']}>
        <HeroSkeleton />
        <RowSkeletons />
      </div>
    )
  }
  return answer.kind === 'ready' ? children(answer.value) : <AnswerNotice failure={answer} onRetry={retry} isPage />
}
