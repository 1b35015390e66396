import type { IngestSummary } from '@tonestead/protocol/ingest'
import { Button } from '../controls/button.tsx'
import { Notice } from '../controls/notice.tsx'
import { counted } from '../state/format-time.ts'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'

/** Files that the last scan did not find, but that may not have been deleted. Their tracks stay until the administrator confirms. */
export const MissingFiles = ({ summary }: { summary: IngestSummary }) => {
  const { ingest } = useServices()
  const { toasts } = useUiState()
  const withdraw = async () => {
    const answer = await ingest.withdrawHeld()
    const messages = {
      'not-permitted': 'This account may not withdraw tracks.',
      offline: 'The server does not answer. Try again when it does.',
    } as const
    toasts.show(answer.kind === 'withdrawn' ? `${counted(answer.files, 'file')} withdrawn.` : messages[answer.kind])
  }
  return (
    <>
      {summary.unreachable > 0 ? (
        <Notice tone="info" title={`${counted(summary.unreachable, 'file')} cannot be reached`}>
          Their folder could not be read at the last scan. Their tracks stay. Check the disk, then scan again.
        </Notice>
      ) : undefined}
      {summary.held > 0 ? (
        <Notice
          tone="bad"
          title={`${counted(summary.held, 'file')} missing`}
          actions={<Button onClick={() => void withdraw()}>They were deleted: withdraw their tracks</Button>}
        >
          A folder is empty, or more than half of the library is missing, as if a disk were not connected. Their tracks
          stay until you connect the disk and scan again, or confirm that the files were deleted.
        </Notice>
      ) : undefined}
    </>
  )
}
