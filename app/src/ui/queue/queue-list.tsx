import { useId, useRef, type ReactNode } from 'react'
import type { QueueEntry } from '@tonestead/crdt/queue'
import { usePlayerView } from '../state/services-context.tsx'
import { QueueRow } from './queue-row.tsx'
import { useQueueDrag } from './use-queue-drag.ts'
import css from './queue-list.module.css'

type QueueListProps = {
  title: ReactNode
  entries: readonly QueueEntry[]
  /** Index of the first entry in the whole queue. */ firstIndex: number
  firstUpcoming: number
  isCurrent?: boolean
}

export const QueueList = ({ title, entries, firstIndex, firstUpcoming, isCurrent = false }: QueueListProps) => {
  const { tracks, queue } = usePlayerView()
  const id = useId()
  const list = useRef<HTMLOListElement>(null)
  const drag = useQueueDrag(list)
  if (entries.length === 0) return undefined
  return (
    <section className={css['section']} aria-labelledby={id}>
      <h3 id={id} className={css['heading']}>
        {title}
      </h3>
      <ol ref={list}>
        {entries.map((entry, index) => {
          const track = tracks.get(entry.trackId)
          if (track === undefined) return undefined
          return (
            <QueueRow
              key={entry.id}
              entry={entry}
              track={track}
              place={{ index: firstIndex + index, firstUpcoming, last: queue.entries.length - 1 }}
              isCurrent={isCurrent}
              drag={isCurrent ? undefined : drag}
            />
          )
        })}
      </ol>
    </section>
  )
}
