import { CloudOff, ServerCrash, SearchX } from 'lucide-react'
import { cureOfProblem, mayTryAgain } from '../../engine/failures/failure-table.ts'
import type { Answer } from '../../engine/server/answer.ts'
import { Button } from '../controls/button.tsx'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { AppLink } from '../controls/app-link.tsx'
import css from './page.module.css'

type Failure = Exclude<Answer<unknown>, { kind: 'ready' }>

/** Says why a request failed, and what to do. */
export const AnswerNotice = ({
  failure,
  onRetry,
  isPage = false,
}: {
  failure: Failure
  onRetry: () => void
  isPage?: boolean
}) => {
  const retry = (
    <Button look="primary" onClick={onRetry}>
      Try again
    </Button>
  )
  if (failure.kind === 'offline') {
    return (
      <EmptyState
        isPage={isPage}
        picture={<Icon of={CloudOff} size={40} />}
        title="This is not on your device yet"
        actions={retry}
      >
        You are offline, and this page was never opened here before. Connect to the server, then try again.
      </EmptyState>
    )
  }
  if (failure.code.endsWith('not-found')) {
    return (
      <EmptyState
        isPage={isPage}
        picture={<Icon of={SearchX} size={40} />}
        title={failure.title}
        actions={
          <AppLink className={css['all']} href="/library/releases">
            Go to the library
          </AppLink>
        }
      >
        {cureOfProblem(failure.code)}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      isPage={isPage}
      picture={<Icon of={ServerCrash} size={40} />}
      title={failure.title}
      actions={mayTryAgain(failure.code) ? retry : undefined}
    >
      {failure.detail ?? cureOfProblem(failure.code)}
    </EmptyState>
  )
}
