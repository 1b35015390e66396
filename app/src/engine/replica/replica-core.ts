import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { bringUpToDate } from './collection/bring-up-to-date.ts'
import { keepChecked } from './checked/keep-checked.ts'
import { createContext } from './create-context.ts'
import { createLinks, type Links } from './links/create-links.ts'
import { loadReplica } from './loading/load-replica.ts'
import type { ReplicaDependencies } from './replica.ts'
import type { ReplicaContext } from './replica-context.ts'
import { createTurnRunner, ReplicaEndedError, type TurnRunner } from './replica-turn.ts'
import { createSerialQueue } from './serial-queue.ts'

/** The parts of a replica that its face uses. */
export type ReplicaCore = {
  readonly context: ReplicaContext
  readonly links: Links
  readonly run: TurnRunner['run']
  /** Looks at every collection again, inside a turn. */
  readonly refreshAll: () => Promise<void>
  readonly listeners: Set<(collection: CollectionId) => void>
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Puts the parts together; nothing is loaded yet. */
export const createReplicaCore = (dependencies: ReplicaDependencies, fence: number): ReplicaCore => {
  const queue = createSerialQueue()
  const ending = new AbortController()
  const listeners: ReplicaCore['listeners'] = new Set()
  const context = createContext(dependencies, (ms, task) => wakeAfter(ms, task), fence)
  const notify = (changed: ReadonlySet<CollectionId>): void => {
    links.serve()
    for (const id of changed) for (const listener of listeners) listener(id)
  }
  const reload = async (): Promise<void> => {
    await loadReplica(context)
    recover()
  }
  const turns = createTurnRunner({ context, queue, fence, notify, reload })
  const start = (task: () => Promise<void>): Promise<void> => turns.run(task).catch(logFailure(context))
  const links = createLinks({ context, start: (task) => void start(task) })
  const refreshAll = async (): Promise<void> => {
    for (const state of context.collections.values()) await bringUpToDate(context, links.all(), state)
  }
  /** After a turn that failed. When this fails too, it is not tried again before something happens. */
  let isRecovering = false
  const recover = (): void => {
    if (isRecovering) return
    isRecovering = true
    void start(refreshAll).then(() => void (isRecovering = false))
  }
  const wakeAfter = (ms: number, task: () => void): void => {
    const wake = async (): Promise<void> => {
      task()
      links.subscribe()
      await refreshAll()
    }
    // It rejects when the replica has ended before the time came.
    void dependencies.clock.after(ms, ending.signal).then(
      () => start(wake),
      () => undefined,
    )
  }
  const close = async (): Promise<void> => {
    const ended = turns.end(() => {
      for (const state of context.collections.values()) keepChecked(context, state)
    })
    ending.abort()
    links.close()
    await ended.catch(logFailure(context))
  }
  return { context, links, run: turns.run, refreshAll, listeners, idle: queue.idle, close }
}

const logFailure =
  ({ log }: ReplicaContext) =>
  (cause: unknown): void => {
    if (!(cause instanceof ReplicaEndedError)) log.failed('a task of the replica failed')(cause)
  }
