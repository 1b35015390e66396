import type { Queue } from '@tonestead/crdt/queue'
import type { Log } from '../../ports/log.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import type { Readable } from '../readable.ts'

/** Whether the queue of this device has changed and its document does not show it yet, also after a reload. */
export type QueueChanges = {
  readonly isWaiting: () => Promise<boolean>
  /** The document shows this queue now. */
  readonly settle: (written: Queue) => Promise<void>
  /** Calls `listener` after every change of the queue; returns the unsubscribe. */
  readonly subscribe: (listener: () => void) => () => void
}

type Deps = {
  readonly view: Readable<{ readonly queue: Queue }>
  readonly values: ValueStore
  readonly log: Log
}

const waitingName = 'queue-waiting'

/** [KQ3] Called when the saved queue is restored: later changes count, and the restoring does not. It is small, so that it can be there before the code of the documents. */
export const createQueueChanges = ({ view, values, log }: Deps): QueueChanges => {
  const listeners = new Set<() => void>()
  let last = view.get().queue
  let isNoted = false
  view.subscribe(() => {
    const { queue } = view.get()
    if (queue === last) return
    last = queue
    if (!isNoted) void values.put(waitingName, true).catch(log.failed('a change of the queue was not noted'))
    isNoted = true
    for (const listener of listeners) listener()
  })
  return {
    isWaiting: async () => isNoted || (await values.get(waitingName)) === true,
    settle: async (written) => {
      if (view.get().queue !== written) return
      isNoted = false
      await values.put(waitingName, false)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
