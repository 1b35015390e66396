import { createAtMostEvery } from './at-most-every.ts'
import type { QueueMirrorDeps } from './queue-mirror-deps.ts'
import type { QueueWriter } from './write-queue.ts'

/** Whether the queue of this device has changed and the document does not show it yet. */
const waitingName = 'queue-waiting'
/** [LQ2] The log of the document grows with each write. */
export const queueWriteEveryMs = 5_000

/**
 * [LQ1] Follows the queue of the player. Called when the saved queue is restored; `begin` allows the first write, when nobody waits for the network.
 * `loadWriter` loads code that first paint and first sound do not need.
 */
export const createQueueMirror = (
  deps: QueueMirrorDeps & { readonly loadWriter: () => Promise<QueueWriter> },
): { readonly begin: () => void } => {
  const { view, values, clock, log, loadWriter } = deps
  let last = view.get().queue
  let isWaiting = false
  let isBegun = false
  const write = async (): Promise<void> => {
    const written = view.get().queue
    const { writeQueue } = await loadWriter()
    if (!(await writeQueue(deps))) return
    isWaiting = view.get().queue !== written
    if (!isWaiting) await values.put(waitingName, false)
  }
  const writeSoon = createAtMostEvery(
    clock,
    { everyMs: queueWriteEveryMs, onFailure: log.failed('the queue was not written') },
    write,
  )
  const onChange = (): void => {
    const { queue } = view.get()
    if (queue === last) return
    last = queue
    if (!isWaiting) void values.put(waitingName, true).catch(log.failed('a change of the queue was not noted'))
    isWaiting = true
    if (isBegun) writeSoon()
  }
  view.subscribe(onChange)
  const begin = async (): Promise<void> => {
    const { adoptQueue } = await loadWriter()
    await adoptQueue(deps)
    isBegun = true
    if (isWaiting || (await values.get(waitingName)) === true) writeSoon()
  }
  return { begin: () => void begin().catch(log.failed('the queue was not brought into the documents')) }
}
