import type { Bytes } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import { nonceBytes, sharedCollectionId } from '@tonestead/protocol/sync/derived-ids'
import type { HomeRelay, MembershipItem } from '@tonestead/protocol/sync/membership'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { bringUpToDate } from './collection/bring-up-to-date.ts'
import { statusOf } from './collection/collection-status.ts'
import { beginCollection, followCollection } from './collection/follow-collection.ts'
import { documentIdOf } from './documents/document-id.ts'
import { createPersonalItem, createSharedItem } from './goals/create-collection.ts'
import { ownAccount } from './goals/account-proof.ts'
import { makeRehoming } from './goals/make-rehoming.ts'
import { isWritable } from './writing/can-seal.ts'
import { addGoal } from './goals/pursue.ts'
import { loadReplica } from './loading/load-replica.ts'
import type { Goal, GoalOutcome, Replica, ReplicaDependencies } from './replica.ts'
import { createReplicaCore, type ReplicaCore } from './replica-core.ts'
import { sendLive } from './live/send-live.ts'
import { editDocument } from './writing/edit-document.ts'

/** Takes the journal over, reads it, and gives the replica. Whoever used the journal before is superseded. Automerge must have been initialized. */
export const createReplica = async (dependencies: ReplicaDependencies): Promise<Replica> => {
  const core = createReplicaCore(dependencies, await dependencies.journal.takeOver())
  const { context, links, run, listeners } = core
  await run(async () => {
    await loadReplica(context)
    await core.refreshAll()
  })
  return {
    openLink: links.open,
    createPersonal: (options) => run(async () => begin(core, await createPersonalItem(context, options))),
    createShared: (home, nonce = context.random.bytes(nonceBytes)) => run(() => beginShared(core, { home, nonce })),
    follow: (id, movedTo) => run(() => follow(core, id, movedTo)),
    rehome: (options) => run(() => makeRehoming(context, options)),
    edit: (edit) => run(() => editDocument(context, links.all(), edit)),
    show: (id, name) => context.collections.get(id)?.documents.get(documentIdOf(id, name))?.shown,
    status: (id) => {
      const state = context.collections.get(id)
      return state === undefined ? undefined : statusOf(state, context.device)
    },
    confirmedAt: (id) => {
      const length = context.collections.get(id)?.log.length()
      const confirmed = links.all().map((link) => (link.isClosed ? undefined : link.confirmed.get(id)))
      return confirmed.findLast((each) => each !== undefined && each.seq === length)?.atMs
    },
    isWritable: (id, document) => {
      const state = context.collections.get(id)
      return state !== undefined && isWritable(context, state, document)
    },
    collections: () => [...context.collections.keys()],
    account: () => ownAccount(context),
    membership: (id) => context.collections.get(id)?.log.now(),
    pursue: (goal, signal) => pursue(core, goal, signal),
    sendLive: (collection, message) => run(() => sendLive(context, links.all(), { collection, message })),
    onLive: (listener) => {
      context.live.listeners.add(listener)
      return () => void context.live.listeners.delete(listener)
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    idle: core.idle,
    close: core.close,
  }
}

const begin = async ({ context, links }: ReplicaCore, item: MembershipItem): Promise<CollectionId> => {
  const state = beginCollection(context, item)
  links.subscribe()
  await bringUpToDate(context, links.all(), state)
  return state.id
}

/** The same nonce again: the collection is begun already. */
const beginShared = async (
  core: ReplicaCore,
  { home, nonce }: { readonly home: HomeRelay; readonly nonce: Bytes },
): Promise<CollectionId | undefined> => {
  const { context } = core
  const id = sharedCollectionId(context.device.device, nonce)
  const begun = context.collections.get(id)
  if (begun !== undefined && (begun.firstItem !== undefined || begun.log.length() > 0)) return id
  const item = await createSharedItem(context, home, nonce)
  return item === undefined ? undefined : begin(core, item)
}

const follow = async (core: ReplicaCore, id: CollectionId, movedTo?: SigningJwk): Promise<void> => {
  const state = followCollection(core.context, id)
  state.movedTo = movedTo ?? state.movedTo
  core.links.subscribe()
  await core.refreshAll()
}

const pursue = (core: ReplicaCore, goal: Goal, signal: AbortSignal): Promise<GoalOutcome> =>
  new Promise((resolve, reject) => {
    const add = async (): Promise<void> => {
      signal.throwIfAborted()
      // Before the collection is followed, so that the first thing that the relay hears of it is the link of the invitation.
      const state = await addGoal(core.context, goal, resolve)
      followCollection(core.context, goal.collection)
      core.links.subscribe(state.shown === undefined ? undefined : goal.collection)
      const stop = (): void => {
        core.context.goals.delete(state)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', stop, { once: true })
      // It was aborted while the goal was being added.
      if (signal.aborted) stop()
      await core.refreshAll()
    }
    core.run(add).catch(reject)
  })
