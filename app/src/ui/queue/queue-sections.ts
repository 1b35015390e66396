import { currentEntry, currentIndex, upcomingEntries, type Queue, type QueueEntry } from '@tonestead/crdt/queue'

/** The queue as shown: what sounds, what a person asked for, what the context brings. Indices count in the whole queue. */
export type QueueSections = {
  readonly current: QueueEntry | undefined
  readonly asked: readonly QueueEntry[]
  readonly rest: readonly QueueEntry[]
  readonly firstUpcoming: number
}

export const sectionsOf = (queue: Queue): QueueSections => {
  const upcoming = upcomingEntries(queue)
  const firstContext = upcoming.findIndex((entry) => entry.origin === 'context')
  const split = firstContext < 0 ? upcoming.length : firstContext
  return {
    current: currentEntry(queue),
    asked: upcoming.slice(0, split),
    rest: upcoming.slice(split),
    firstUpcoming: currentIndex(queue) + 1,
  }
}
