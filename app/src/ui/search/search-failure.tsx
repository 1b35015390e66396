import { CloudOff } from 'lucide-react'
import { Button } from '../controls/button.tsx'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { AnswerNotice } from '../layout/answer-notice.tsx'
import type { SearchResultState } from './use-search-result.ts'

/** Says why there is no result, and what to do. */
export const SearchFailure = ({
  failure,
  onRetry,
}: {
  failure: NonNullable<SearchResultState['failure']>
  onRetry: () => void
}) => {
  if (failure.kind === 'problem') return <AnswerNotice failure={failure} onRetry={onRetry} />
  return (
    <EmptyState
      picture={<Icon of={CloudOff} size={40} />}
      title="This device cannot search by itself yet"
      actions={
        <Button look="primary" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      You are offline. Once connected, play something: soon after, this device keeps an index of its own, and search
      works without a network.
    </EmptyState>
  )
}
