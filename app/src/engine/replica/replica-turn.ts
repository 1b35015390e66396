import type { CollectionState } from './collection/collection-state.ts'
import { showDocuments } from './documents/show-documents.ts'
import { createTurn, type ReplicaContext } from './replica-context.ts'
import type { SerialQueue } from './serial-queue.ts'

/** Another worker has taken the journal over, or the replica was closed: nothing is written or sent any more. */
export class ReplicaEndedError extends Error {
  readonly code = 'replica-ended'
}

export type TurnRunner = {
  /** Runs a task as one turn: its work in memory, one transaction, then what is shown and sent [RP1]. */
  readonly run: <T>(task: () => Promise<T>) => Promise<T>
  /** No task runs any more but the last one; what that one shows or sends is dropped. */
  readonly end: (last: () => void) => Promise<void>
}

type Dependencies = {
  readonly context: ReplicaContext
  readonly queue: SerialQueue
  readonly fence: number
  readonly notify: (collections: ReadonlySet<CollectionState['id']>) => void
  /** Makes everything in memory again from the journal: a transaction has failed, so memory is ahead of it. */
  readonly reload: () => Promise<void>
}

export const createTurnRunner = ({ context, queue, fence, notify, reload }: Dependencies): TurnRunner => {
  const ending = new AbortController()
  const hasEnded = (): boolean => ending.signal.aborted
  const commit = async (): Promise<void> => {
    const { writes, isStrict } = context.turn
    if (writes.length === 0) return
    const outcome = await context.journal.commit({ fence, writes, isStrict })
    if (outcome === 'superseded') {
      ending.abort()
      throw new ReplicaEndedError('another worker has taken the journal over')
    }
  }
  const attempt = async <T>(task: () => Promise<T>): Promise<T> => {
    if (hasEnded()) throw new ReplicaEndedError('the replica has ended')
    context.turn = createTurn()
    try {
      const result = await task()
      await commit()
      return result
    } catch (cause) {
      context.turn = createTurn()
      if (!hasEnded()) await reload()
      throw cause
    }
  }
  const finish = (): void => {
    const { changed, sends } = context.turn
    for (const id of changed) {
      const state = context.collections.get(id)
      if (state !== undefined) showDocuments(state)
    }
    for (const state of context.collections.values()) state.freshBodies.clear()
    for (const send of sends) send()
    if (changed.size > 0) notify(changed)
  }
  return {
    run: (task) =>
      queue.run(async () => {
        const result = await attempt(task)
        finish()
        return result
      }),
    end: async (last) => {
      if (hasEnded()) return queue.idle()
      ending.abort()
      await queue.run(async () => {
        context.turn = createTurn()
        last()
        await commit()
      })
    },
  }
}
