import { ArrowDown, ArrowUp, GripVertical, X } from 'lucide-react'
import type { CSSProperties, KeyboardEvent } from 'react'
import { flushSync } from 'react-dom'
import type { QueueEntry } from '@tonestead/crdt/queue'
import type { Track } from '@tonestead/protocol/catalog'
import { Artwork } from '../controls/artwork.tsx'
import { creditText } from '../state/credit-text.ts'
import { Icon } from '../controls/icon.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { useServices } from '../state/services-context.tsx'
import type { QueueDrag } from './use-queue-drag.ts'
import { useQueueEdits } from './use-queue-edits.ts'
import hidden from '../controls/visually-hidden.module.css'
import css from './queue-list.module.css'

type QueueRowProps = {
  entry: QueueEntry
  track: Track
  place: { index: number; firstUpcoming: number; last: number }
  isCurrent: boolean
  drag: QueueDrag | undefined
}

/** After a change the focus stays on the same button of the same row. When the row was removed, the row in its place gets the focus. */
const keepFocus = (change: () => void, entryId: string): void => {
  const focused = document.activeElement
  const row = focused?.closest<HTMLElement>(`[data-entry="${entryId}"]`)
  const panel = row?.closest('aside')
  if (focused === null || row === null || row === undefined || panel === null || panel === undefined) {
    change()
    return
  }
  const button = [...row.querySelectorAll('button')].findIndex((one) => one === focused)
  const place = [...panel.querySelectorAll('[data-entry]')].indexOf(row)
  flushSync(change)
  const rows = [...panel.querySelectorAll('[data-entry]')]
  const target =
    rows.find((one) => one.getAttribute('data-entry') === entryId) ?? rows[Math.min(place, rows.length - 1)]
  const buttons = [...(target?.querySelectorAll('button') ?? [])]
  buttons[Math.min(button, buttons.length - 1)]?.focus()
}

export const QueueRow = ({ entry, track, place, isCurrent, drag }: QueueRowProps) => {
  const { player } = useServices()
  const edits = useQueueEdits()
  const moveBy = (step: number) => {
    const index = place.index + step
    if (index < place.firstUpcoming || index > place.last) return
    keepFocus(() => edits.move(entry, track, { index, firstUpcoming: place.firstUpcoming }), entry.id)
  }
  const remove = () => keepFocus(() => edits.remove(entry, track), entry.id)
  const onKeyDown = (event: KeyboardEvent) => {
    if (isCurrent) return
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) moveBy(event.key === 'ArrowUp' ? -1 : 1)
    else if (event.key === 'Delete') remove()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const isDragged = drag?.draggedId === entry.id
  const grab = drag?.grab({
    id: entry.id,
    index: place.index,
    onDrop: (index) => edits.move(entry, track, { index, firstUpcoming: place.firstUpcoming }),
  })
  return (
    <li
      className={css['row']}
      data-entry={entry.id}
      data-current={isCurrent ? '' : undefined}
      data-dragged={isDragged ? '' : undefined}
      style={isDragged ? ({ '--shift': `${drag.shift}px` } as CSSProperties) : undefined}
      onKeyDown={onKeyDown}
    >
      {drag === undefined ? undefined : (
        <span className={css['grip']} onPointerDown={grab} aria-hidden="true">
          <Icon of={GripVertical} size={16} />
        </span>
      )}
      <button
        type="button"
        className={css['jump']}
        aria-current={isCurrent ? 'true' : undefined}
        onClick={() => player.jumpTo(entry.id)}
      >
        <span className={hidden['visuallyHidden']}>{isCurrent ? 'Now playing: ' : 'Play '}</span>
        <Artwork cover={track.release.cover} title={track.release.title} size={40} />
        <span className={css['text']}>
          <bdi className={css['title']}>{track.title}</bdi>{' '}
          <bdi className={css['artists']}>{creditText(track.credits)}</bdi>
        </span>
      </button>
      {isCurrent ? undefined : (
        <span className={css['tools']}>
          <IconButton
            look="small"
            label={`Move ${track.title} up`}
            icon={ArrowUp}
            aria-disabled={place.index <= place.firstUpcoming}
            onClick={() => moveBy(-1)}
          />
          <IconButton
            look="small"
            label={`Move ${track.title} down`}
            icon={ArrowDown}
            aria-disabled={place.index >= place.last}
            onClick={() => moveBy(1)}
          />
          <IconButton look="small" label={`Remove ${track.title} from the queue`} icon={X} onClick={remove} />
        </span>
      )}
    </li>
  )
}
