import { currentEntry, currentIndex, upcomingEntries, type Queue, type QueueEntry } from '@tonestead/crdt/queue'

/** The queue in sections: the current entry, the entries a person added, the entries of the context (a release, an artist). Indices are those of the whole queue. */
export type QueueSections = {
  readonly current: QueueEntry | undefined
  readonly userEntries: readonly QueueEntry[]
  readonly contextEntries: readonly QueueEntry[]
  readonly firstUpcoming: number
}

export const sectionsOf = (queue: Queue): QueueSections => {
  const upcoming = upcomingEntries(queue)
  const firstContext = upcoming.findIndex((entry) => entry.origin === 'context')
  const split = firstContext < 0 ? upcoming.length : firstContext
  return {
    current: currentEntry(queue),
    userEntries: upcoming.slice(0, split),
    contextEntries: upcoming.slice(split),
    firstUpcoming: currentIndex(queue) + 1,
  }
}
