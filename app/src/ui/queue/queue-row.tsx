import { ArrowDown, ArrowUp, GripVertical, X } from 'lucide-react'
import type { CSSProperties, KeyboardEvent } from 'react'
import type { QueueEntry } from '@tonestead/crdt/queue'
import type { Track } from '@tonestead/protocol/catalog'
import { Artwork } from '../controls/artwork.tsx'
import { creditText } from '../controls/credits.tsx'
import { Icon } from '../controls/icon.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { useServices } from '../state/services-context.tsx'
import type { QueueDrag } from './use-queue-drag.ts'
import { useQueueEdits } from './use-queue-edits.ts'
import css from './queue-list.module.css'

type QueueRowProps = { entry: QueueEntry; track: Track; place: { index: number; firstUpcoming: number; last: number }; isCurrent: boolean; drag: QueueDrag | undefined }

export const QueueRow = ({ entry, track, place, isCurrent, drag }: QueueRowProps) => {
  const { player } = useServices()
  const edits = useQueueEdits()
  const moveBy = (step: number) => {
    const index = place.index + step
    if (index >= place.firstUpcoming && index <= place.last) edits.move(entry, track, { index, firstUpcoming: place.firstUpcoming })
  }
  const press = (event: KeyboardEvent) => {
    if (isCurrent) return
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) moveBy(event.key === 'ArrowUp' ? -1 : 1)
    else if (event.key === 'Delete') edits.remove(entry, track)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const isDragged = drag?.draggedId === entry.id
  const grab = drag?.grab({ id: entry.id, index: place.index, onDrop: (index) => edits.move(entry, track, { index, firstUpcoming: place.firstUpcoming }) })
  return (
    <li className={css['row']} data-current={isCurrent ? '' : undefined} data-dragged={isDragged ? '' : undefined} style={isDragged ? ({ '--shift': `${drag.shift}px` } as CSSProperties) : undefined} onKeyDown={press}>
      {drag === undefined ? undefined : (
        <span className={css['grip']} onPointerDown={grab} aria-hidden="true">
          <Icon of={GripVertical} size={16} />
        </span>
      )}
      <button type="button" className={css['jump']} aria-current={isCurrent ? 'true' : undefined} onClick={() => player.jumpTo(entry.id)}>
        <span className={css['spoken']}>{isCurrent ? 'Now playing: ' : 'Play '}</span>
        <Artwork cover={track.release.cover} title={track.release.title} size={40} />
        <span className={css['text']}>
          <bdi className={css['title']}>{track.title}</bdi>{' '}
          <bdi className={css['artists']}>{creditText(track.credits)}</bdi>
        </span>
      </button>
      {isCurrent ? undefined : (
        <span className={css['tools']}>
          <IconButton look="small" label={`Move ${track.title} up`} icon={ArrowUp} aria-disabled={place.index <= place.firstUpcoming} onClick={() => moveBy(-1)} />
          <IconButton look="small" label={`Move ${track.title} down`} icon={ArrowDown} aria-disabled={place.index >= place.last} onClick={() => moveBy(1)} />
          <IconButton look="small" label={`Remove ${track.title} from the queue`} icon={X} onClick={() => edits.remove(entry, track)} />
        </span>
      )}
    </li>
  )
}
