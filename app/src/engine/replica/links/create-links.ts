import type { Bytes } from '@tonestead/protocol/bytes'
import type { ReadLink, SyncLink } from '../../../ports/sync-link.ts'
import { bringUpToDate } from '../collection/bring-up-to-date.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { handleFrame } from './handle-frame.ts'
import { createLinkState, type LinkState } from './link-state.ts'
import { servePeer } from './serve-peer.ts'
import { subscribeAll, subscribeIfConcerned, subscribeTo } from './subscribe.ts'

type Dependencies = {
  readonly context: ReplicaContext
  /** Queues a task of which nobody waits for the end. */
  readonly start: (task: () => Promise<void>) => void
}

/** The open connections. Everything that happens on them is a task in the queue. */
export type Links = {
  readonly open: (link: SyncLink) => ReadLink
  readonly all: () => readonly LinkState[]
  /** A collection was added: subscribe to it on the links that are open. */
  readonly subscribe: () => Promise<void>
  /** After a turn that has changed something: peers get what is new. */
  readonly serve: () => void
  readonly close: () => void
}

export const createLinks = ({ context, start }: Dependencies): Links => {
  const links = new Set<LinkState>()
  const all = (): readonly LinkState[] => [...links]
  const subscribe = async (): Promise<void> => {
    for (const link of links) await subscribeAll(context, link)
  }
  const open = (link: SyncLink): ReadLink => {
    const state = createLinkState(link)
    links.add(state)
    start(async () => {
      if (link.kind === 'peer') await subscribeAll(context, state)
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

type OfLink = { readonly link: LinkState; readonly all: () => readonly LinkState[] }

const receive = async (context: ReplicaContext, { link, all }: OfLink, frame: Bytes): Promise<void> => {
  const effect = await handleFrame(context, link, frame)
  if (effect.hasOpened) await subscribeAll(context, link)
  const ids = effect.hasOpened ? [...context.collections.keys()] : effect.collections
  for (const id of ids) {
    const state = context.collections.get(id)
    if (state === undefined) continue
    // Whoever subscribes to a collection knows it, also when the log here is too short to say so.
    if (link.wanted.has(id)) await subscribeTo(context, link, id)
    await bringUpToDate(context, all(), state)
    // A membership that was read may name another home, or new peers.
    for (const other of all()) await subscribeIfConcerned(context, other, state)
  }
  if (link.wanted.size > 0) await serveAll(context, [link])
}

/** The journal holds what was read in earlier turns only, so this runs in a turn of its own after items came. */
const serveAll = async (context: ReplicaContext, links: readonly LinkState[]): Promise<void> => {
  for (const link of links)
    for (const id of link.wanted.keys()) {
      const state = context.collections.get(id)
      if (state !== undefined) await servePeer(context, link, state)
    }
}
