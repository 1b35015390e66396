import { ListMusic, X } from 'lucide-react'
import type { EntryId } from '@tonestead/crdt/ids'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { usePlayerView, useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { useFrameKind } from '../state/use-frame-kind.ts'
import { QueueList } from './queue-list.tsx'
import { sectionsOf } from './queue-sections.ts'
import { useQueueEdits } from './use-queue-edits.ts'
import css from './queue-panel.module.css'

/** Beside the page when there is room, else a sheet over it. */
export const QueuePanel = () => {
  const { isQueueOpen } = useUiState()
  const isOpen = useReadable(isQueueOpen)
  const frame = useFrameKind()
  if (!isOpen) return undefined
  const close = () => isQueueOpen.set(false)
  if (frame === 'desktop') return <QueueContent onClose={close} />
  return (
    <Dialog label="Queue" shape="side" onClose={close}>
      <QueueContent onClose={close} />
    </Dialog>
  )
}

/** Its title may not be known: the playlist may have been deleted since. */
const NextFromPlaylist = ({ id }: { id: EntryId }) => {
  const playlist = useReadable(useServices().playlists.playlist(id))
  if (playlist.kind !== 'open') return 'Next from a playlist'
  return (
    <>
      Next from <bdi>“{playlist.title}”</bdi>
    </>
  )
}

const mostShown = 100

const QueueContent = ({ onClose }: { onClose: () => void }) => {
  const { queue, current } = usePlayerView()
  const { clear, save } = useQueueEdits()
  const { current: entry, userEntries, contextEntries, firstUpcoming } = sectionsOf(queue)
  const firstContext = firstUpcoming + userEntries.length
  return (
    <aside aria-label="Queue" className={css['panel']}>
      <div className={css['head']}>
        <h2 className={css['heading']}>Queue</h2>
        {userEntries.length + contextEntries.length > 0 ? (
          <Button look="quiet" onClick={save}>
            Save as playlist
          </Button>
        ) : undefined}
        {userEntries.length + contextEntries.length > 0 ? (
          <Button look="quiet" onClick={clear}>
            Clear
          </Button>
        ) : undefined}
        <IconButton label="Close queue" icon={X} onClick={onClose} />
      </div>
      <div className={css['body']}>
        {entry === undefined || current === undefined ? (
          <EmptyState picture={<Icon of={ListMusic} size={40} />} title="Nothing in the queue">
            Play a release, or add tracks with “Add to queue”. They appear here in the order in which they will play.
          </EmptyState>
        ) : (
          <>
            <QueueList
              title="Now playing"
              entries={[entry]}
              firstIndex={firstUpcoming - 1}
              firstUpcoming={firstUpcoming}
              isCurrent
            />
            <QueueList
              title="Next in queue"
              entries={userEntries}
              firstIndex={firstUpcoming}
              firstUpcoming={firstUpcoming}
            />
            <QueueList
              title={
                queue.context?.kind === 'playlist' ? (
                  <NextFromPlaylist id={queue.context.id} />
                ) : queue.context?.kind === 'release' ? (
                  <>
                    Next from <bdi>“{current.release.title}”</bdi>
                  </>
                ) : (
                  'Next up'
                )
              }
              entries={contextEntries.slice(0, mostShown)}
              firstIndex={firstContext}
              firstUpcoming={firstUpcoming}
            />
            {contextEntries.length > mostShown ? (
              <p className={css['more']}>and {contextEntries.length - mostShown} more</p>
            ) : undefined}
            {userEntries.length + contextEntries.length === 0 ? (
              <p className={css['more']}>Nothing comes after this track.</p>
            ) : undefined}
          </>
        )}
      </div>
    </aside>
  )
}
