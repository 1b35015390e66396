import type { SigningJwk } from '@tonestead/protocol/device-log'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { bringUpToDate } from './collection/bring-up-to-date.ts'
import { statusOf } from './collection/collection-status.ts'
import { beginCollection, followCollection } from './collection/follow-collection.ts'
import { documentIdOf } from './documents/document-id.ts'
import { createPersonalItem, createSharedItem } from './goals/create-collection.ts'
import { makeRehoming } from './goals/make-rehoming.ts'
import { addGoal } from './goals/pursue.ts'
import { createLinks } from './links/create-links.ts'
import { loadReplica } from './loading/load-replica.ts'
import type { Goal, GoalOutcome, Replica, ReplicaDependencies } from './replica.ts'
import { createContext } from './create-context.ts'
import { createTurnRunner, ReplicaEndedError } from './replica-turn.ts'
import { createSerialQueue } from './serial-queue.ts'
import { editDocument } from './writing/edit-document.ts'

type Listener = (collection: CollectionId) => void

/** Takes the journal over, reads it, and gives the replica. Whoever used the journal before is superseded. */
export const createReplica = async (dependencies: ReplicaDependencies): Promise<Replica> => {
  const fence = await dependencies.journal.takeOver()
  const queue = createSerialQueue()
  const ending = new AbortController()
  const listeners = new Set<Listener>()
  const context = createContext(dependencies, (ms, task) => {
    void dependencies.clock.after(ms, ending.signal).then(
      () => start(() => wake(task)),
      // The replica has ended before the time came.
      () => undefined,
    )
  })
  const turns = createTurnRunner({
    context,
    queue,
    fence,
    reload: () => loadReplica(context),
    notify: (changed) => {
      links.serve()
      for (const id of changed) for (const listener of listeners) listener(id)
    },
  })
  const start = (task: () => Promise<void>): void => {
    turns.run(task).catch((cause: unknown) => {
      if (!(cause instanceof ReplicaEndedError)) context.log.failed('a task of the replica failed')(cause)
    })
  }
  const links = createLinks({ context, start })
  const refreshAll = async (): Promise<void> => {
    for (const state of context.collections.values()) await bringUpToDate(context, links.all(), state)
  }
  const wake = async (task: () => void | Promise<void>): Promise<void> => {
    await task()
    await refreshAll()
  }
  await turns.run(async () => {
    await loadReplica(context)
    await refreshAll()
  })

  const begin = (make: () => ReturnType<typeof createSharedItem>): Promise<CollectionId | undefined> =>
    turns.run(async () => {
      const item = await make()
      if (item === undefined) return undefined
      const state = beginCollection(context, item)
      await links.subscribe()
      await bringUpToDate(context, links.all(), state)
      return state.id
    })
  const follow = async (id: CollectionId, movedTo?: SigningJwk): Promise<void> => {
    const state = followCollection(context, id)
    state.movedTo = movedTo ?? state.movedTo
    await links.subscribe()
    await refreshAll()
  }
  const pursue = (goal: Goal, signal: AbortSignal): Promise<GoalOutcome> =>
    new Promise((resolve, reject) => {
      const added = turns.run(async () => {
        // First the goal: who redeems an invitation reads by it.
        const state = await addGoal(context, goal, resolve)
        signal.addEventListener('abort', () => {
          context.goals.delete(state)
          reject(signal.reason as Error)
        })
        await follow(goal.collection)
      })
      added.catch(reject)
    })

  return {
    openLink: links.open,
    createPersonal: async (options) => {
      const id = await begin(() => createPersonalItem(context, options))
      if (id === undefined) throw new Error('a personal collection needs nothing that could be missing')
      return id
    },
    createShared: (home) => begin(() => createSharedItem(context, home)),
    follow: (id, movedTo) => turns.run(() => follow(id, movedTo)),
    rehome: (options) => turns.run(() => makeRehoming(context, options)),
    edit: (edit) => turns.run(() => editDocument(context, links.all(), edit)),
    show: (id, name) => context.collections.get(id)?.documents.get(documentIdOf(id, name))?.shown,
    status: (id) => {
      const state = context.collections.get(id)
      return state === undefined ? undefined : statusOf(state, context.device)
    },
    collections: () => [...context.collections.keys()],
    pursue,
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    idle: queue.idle,
    close: async () => {
      turns.end()
      ending.abort()
      links.close()
      await queue.idle()
    },
  }
}
