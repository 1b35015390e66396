import { writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { findAuthor } from '@tonestead/protocol/sync/log/rights'
import type { CollectionId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { LogItem } from '@tonestead/protocol/sync/log-item'
import type { CollectionState, Pending } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import type { LinkState } from './link-state.ts'
import { sendAsRelay, sendToLink } from './send.ts'

/** Is this link to the home relay of the collection? Before the log is here, any relay may be it. */
export const isHome = ({ log, firstItem, movedTo }: CollectionState, { link }: LinkState): boolean => {
  if (link.kind === 'relay' && link.key.x === movedTo?.x) return true
  const operation = firstItem?.header.operation
  const chosen = operation !== undefined && 'home' in operation ? operation.home : undefined
  return link.kind === 'relay' && ((log.now()?.home ?? chosen)?.key.x ?? link.key.x) === link.key.x
}

/** [RP25] May the peer read the collection? Who once was a member may read what is older, and gets it from whoever has it; new things go to members alone. */
export const mayRead = ({ log }: CollectionState, { link }: LinkState): boolean =>
  link.kind === 'peer' && findAuthor(log.now(), link) !== undefined

/** [RP25] [RP1] Sends pending envelopes of this device and of others, once on each link: to the home relay to get a place, to peers to be shown. */
export const deliver = (context: ReplicaContext, links: Iterable<LinkState>, state: CollectionState): void => {
  if (state.alarm !== undefined) return
  for (const link of links) {
    if (!link.isOpen || link.isClosed) continue
    if (isHome(state, link)) deliverHome(context, link, state)
    else if (link.wanted.has(state.id) && mayRead(state, link)) deliverToPeer(context, link, state)
  }
}

/** What has no place, and was not sent on this link or may be sent again. */
const unsent = (link: LinkState, state: CollectionState): readonly Pending[] =>
  [...state.pending.values(), ...state.aside.values()].filter(
    ({ envelope: { id } }) => !link.sent.has(id) || mayRetry(link, state, id),
  )

const deliverHome = (context: ReplicaContext, link: LinkState, state: CollectionState): void => {
  offerFirstItem(context, link, state)
  for (const { envelope, origin } of unsent(link, state))
    // What the relay itself has sent it already has; when it loses it, its author sends it again.
    if (origin !== 'relay') sendAppend(context, link, { id: state.id, item: envelope })
}

const deliverToPeer = (context: ReplicaContext, link: LinkState, state: CollectionState): void => {
  for (const { envelope } of unsent(link, state)) {
    link.sent.add(envelope.id)
    sendAsRelay(context, link, { kind: 'pending', collection: state.id }, [writeItem(envelope)])
  }
}

const offerFirstItem = (context: ReplicaContext, link: LinkState, { firstItem, id, log }: CollectionState): void => {
  if (firstItem === undefined || log.length() > 0 || link.link.kind === 'peer' || link.sent.has(firstItem.id)) return
  sendAppend(context, link, { id, item: firstItem })
}

/** An item that was refused may get a place now that the log has grown. */
const mayRetry = ({ refused }: LinkState, { log }: CollectionState, id: ItemId): boolean => {
  const length = refused.get(id)
  return length !== undefined && log.length() > length
}

/** Asks the relay for a place. The answer names the request. */
export const sendAppend = (
  context: ReplicaContext,
  link: LinkState,
  { id, item }: { readonly id: CollectionId; readonly item: LogItem },
): void => {
  const request = link.nextRequest
  link.nextRequest += 1
  link.requests.set(request, { collection: id, item: item.id })
  link.sent.add(item.id)
  link.refused.delete(item.id)
  sendToLink(context, link, { kind: 'append', request }, [writeItem(item)])
}
