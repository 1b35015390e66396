import type { Bytes } from '@tonestead/protocol/bytes'
import { findAuthor } from '@tonestead/protocol/sync/log/rights'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { ReadLink, SyncLink } from '../../../ports/sync-link.ts'
import { bringUpToDate } from '../collection/bring-up-to-date.ts'
import type { CollectionState } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { isHome, mayRead } from './deliver.ts'
import { handleFrame } from './handle-frame.ts'
import { createLinkState, type LinkState } from './link-state.ts'
import { sendToLink } from './send.ts'
import { servePeer } from './serve-peer.ts'

type Dependencies = {
  readonly context: ReplicaContext
  /** Queues a task of which nobody waits for the end. */
  readonly start: (task: () => Promise<void>) => void
}

/** The open connections. Everything that happens on them is a task in the queue. */
export type Links = {
  readonly open: (link: SyncLink) => ReadLink
  readonly all: () => readonly LinkState[]
  /** Subscribes to what is not subscribed to on the links that are open. `again`: also to this collection once more, because more can be shown now. */
  readonly subscribe: (again?: CollectionId) => void
  /** After a turn that has changed something: peers get what is new. */
  readonly serve: () => void
  readonly close: () => void
}

export const createLinks = ({ context, start }: Dependencies): Links => {
  const links = new Set<LinkState>()
  const all = (): readonly LinkState[] => [...links]
  const subscribe = (again?: CollectionId): void => {
    for (const link of links) {
      if (again !== undefined) {
        link.subscribed.delete(again)
        link.ignored.delete(again)
        link.unsigned.delete(again)
      }
      subscribeAll(context, link)
    }
  }
  const open = (link: SyncLink): ReadLink => {
    const state = createLinkState(link)
    links.add(state)
    start(() => {
      if (link.kind === 'peer') subscribeAll(context, state)
      return Promise.resolve()
    })
    return {
      receive: (frame) => start(() => receive(context, { link: state, all }, frame)),
      closed: () => {
        state.isClosed = true
        links.delete(state)
      },
    }
  }
  const serve = (): void => {
    if (all().some(({ wanted }) => wanted.size > 0)) start(() => serveAll(context, all()))
  }
  const close = (): void => {
    for (const link of links) if (!link.isClosed) link.link.close()
    links.clear()
  }
  return { open, all, subscribe, serve, close }
}

/** [RP25] On a link to a relay: the collections of which it may be the home. On a direct link: those of which the peer is a member. */
const subscribeAll = (context: ReplicaContext, link: LinkState): void => {
  if (!link.isOpen || link.isClosed) return
  for (const state of context.collections.values())
    if (isHome(state, link) || mayRead(state, link)) subscribeTo(context, link, state.id)
}

/** A log that has grown is asked for again where nothing could be verified before. */
const forgetUnsigned = (link: LinkState, { id, log }: CollectionState): void => {
  const leftAt = link.unsigned.get(id)
  if (leftAt === undefined || leftAt === log.length()) return
  link.unsigned.delete(id)
  link.subscribed.delete(id)
}

const subscribeTo = (context: ReplicaContext, link: LinkState, collection: CollectionId): void => {
  const state = context.collections.get(collection)
  if (state === undefined) return
  forgetUnsigned(link, state)
  if (link.subscribed.has(collection)) return
  link.subscribed.add(collection)
  const isMember = findAuthor(state.log.now(), context.device) !== undefined
  const shown = [...context.goals].findLast((goal) => goal.goal.collection === collection && goal.shown)?.shown
  const invitation = isMember || shown === undefined ? {} : { invitation: shown }
  // What was confirmed before says nothing of what the invitation shows.
  if (shown !== undefined) link.confirmed.delete(collection)
  link.asked.set(collection, [...(link.asked.get(collection) ?? []), shown?.invitation])
  const after = state.log.length()
  // [SN2] Who has nothing yet takes old bodies from snapshots.
  const snapshots = after === 0 && link.link.kind === 'relay' ? ({ fromSnapshots: true } as const) : {}
  sendToLink(context, link, { kind: 'subscribe', collection, after, ...invitation, ...snapshots })
}

type OfLink = { readonly link: LinkState; readonly all: () => readonly LinkState[] }

const receive = async (context: ReplicaContext, { link, all }: OfLink, frame: Bytes): Promise<void> => {
  const effect = await handleFrame(context, link, frame)
  if (effect.hasOpened) subscribeAll(context, link)
  const ids = effect.hasOpened ? [...context.collections.keys()] : effect.collections
  for (const id of ids) {
    const state = context.collections.get(id)
    if (state === undefined) continue
    // Whoever subscribes to a collection knows it, also when the log here is too short to say so.
    if (link.wanted.has(id)) subscribeTo(context, link, id)
    await bringUpToDate(context, all(), state)
    if (state.isCut) forgetSubscriptions(all(), state)
    // A membership that was read may name another home, or new peers.
    for (const other of all()) if (isHome(state, other) || mayRead(state, other)) subscribeWhenOpen(context, other, id)
  }
  if (link.wanted.size > 0) await serveAll(context, [link])
}

/** [RP24] Each link goes on at the new end of the log. */
const forgetSubscriptions = (links: readonly LinkState[], state: CollectionState): void => {
  state.isCut = false
  for (const link of links) {
    link.subscribed.delete(state.id)
    link.buffers.delete(state.id)
  }
}

const subscribeWhenOpen = (context: ReplicaContext, link: LinkState, id: CollectionId): void => {
  if (link.isOpen && !link.isClosed) subscribeTo(context, link, id)
}

/** The journal holds what was read in earlier turns only, so this runs in a turn of its own after items came. */
const serveAll = async (context: ReplicaContext, links: readonly LinkState[]): Promise<void> => {
  for (const link of links)
    for (const id of link.wanted.keys()) {
      const state = context.collections.get(id)
      if (state !== undefined) await servePeer(context, link, state)
    }
}
