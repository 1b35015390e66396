import type { IntentId, QueueEntryId } from '../ids.ts'
import type { Queue, QueueEntry } from '../queue.ts'
import { longestKept } from '../slots/longest-kept.ts'
import type { Place } from '../slots/place.ts'
import type { TrackReference } from '../tracks/track-reference.ts'
import type { NewQueueEntry, QueueIntent, QueueStep } from './queue-intent.ts'

/** Two values of a queue, for example before and after one of the functions of `queue.ts`. `trackOf`: the track of an entry that is new in `after`. */
export type QueueChange = {
  readonly id: IntentId
  readonly before: Queue
  readonly after: Queue
  readonly trackOf: (entry: QueueEntry) => TrackReference
}

/**
 * [QD2] The intent that makes one queue of another: applied to a document that shows `before`, it shows `after`. It moves as few entries as possible, so that
 * changes of two devices meet as rarely as possible. Undefined when nothing differs.
 */
export const queueDifference = ({ id, before, after, trackOf }: QueueChange): QueueIntent | undefined => {
  const stays = new Set(after.entries.map((entry) => entry.id))
  const removed = before.entries.map((entry) => entry.id).filter((entry) => !stays.has(entry))
  const steps: QueueStep[] = [
    ...(removed.length === 0 ? [] : [{ kind: 'removeEntries', ids: removed } as const]),
    ...orderSteps(before, after, trackOf),
    ...settingSteps(before, after),
  ]
  return steps.length === 0 ? undefined : { kind: 'changeQueue', id, steps }
}

type OpenRun = { readonly place: Place; readonly isNew: boolean; readonly entries: QueueEntry[] }

/** Each run of entries that are new, or not where they were, goes after the entry before it. */
const orderSteps = (before: Queue, after: Queue, trackOf: QueueChange['trackOf']): QueueStep[] => {
  const known = new Set(before.entries.map(({ id }) => id))
  const kept = longestKept(
    before.entries.map(({ id }) => id),
    after.entries.map(({ id }) => id),
  )
  const runs: OpenRun[] = []
  let open: OpenRun | undefined
  let last: QueueEntryId | undefined
  for (const entry of after.entries) {
    const isNew = !known.has(entry.id)
    if (kept.has(entry.id)) open = undefined
    else if (open?.isNew === isNew) open.entries.push(entry)
    else {
      open = { place: last === undefined ? { kind: 'start' } : { kind: 'after', entry: last }, isNew, entries: [entry] }
      runs.push(open)
    }
    last = entry.id
  }
  return runs.map(({ place, isNew, entries }) =>
    isNew
      ? { kind: 'insertEntries', place, entries: entries.map((entry) => newEntry(entry, trackOf(entry))) }
      : { kind: 'moveEntries', place, ids: entries.map(({ id }) => id) },
  )
}

const newEntry = ({ id, origin, contextOrder }: QueueEntry, track: TrackReference): NewQueueEntry => ({
  id,
  origin,
  contextOrder,
  track,
})

const settingSteps = (before: Queue, after: Queue): QueueStep[] => {
  const steps: QueueStep[] = []
  const { currentId, context, isShuffled, repeat } = after
  if (before.currentId !== currentId)
    steps.push({ kind: 'setCurrent', ...(currentId === undefined ? {} : { entry: currentId }) })
  if (JSON.stringify(before.context) !== JSON.stringify(context))
    steps.push({ kind: 'setContext', ...(context === undefined ? {} : { context }) })
  if (before.isShuffled !== isShuffled) steps.push({ kind: 'setShuffle', isShuffled })
  if (before.repeat !== repeat) steps.push({ kind: 'setRepeat', repeat })
  return steps
}
