import type { Snapshot } from '@tonestead/protocol/sync/snapshot'
import type { CollectionState } from '../collection/collection-state.ts'
import { isHome, sendAppend } from '../links/deliver.ts'
import type { LinkState } from '../links/link-state.ts'
import { sendToLink } from '../links/send.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { wantsConfirmation } from './find-snapshots.ts'
import { readKeptParts } from './kept-snapshots.ts'

/** [SN6] [SN7] Own snapshots to get a place, their parts when they have one, and confirmations: to the home relay, once on each link. */
export const offerSnapshots = async (
  context: ReplicaContext,
  links: Iterable<LinkState>,
  state: CollectionState,
): Promise<void> => {
  if (state.alarm !== undefined) return
  for (const link of links) {
    if (!link.isOpen || link.isClosed || !isHome(state, link)) continue
    for (const item of state.snapshots.kept.values())
      if (item.header.device === context.device.device) await offer(context, state, { link, item })
    for (const [snapshot, confirmation] of state.snapshots.confirmations) {
      const item = state.log.snapshots().find(({ id }) => id === snapshot)
      if (item === undefined || link.sent.has(confirmation.id) || !wantsConfirmation(context, state, item)) continue
      sendAppend(context, link, { id: state.id, item: confirmation })
    }
  }
}

const offer = async (
  context: ReplicaContext,
  state: CollectionState,
  { link, item }: { readonly link: LinkState; readonly item: Snapshot },
): Promise<void> => {
  const seq = state.log.seqOf(item.id)
  if (seq !== undefined) return offerParts(context, state, { link, item })
  const { refused } = state.snapshots
  const { place } = item.header
  const isOnChain = place.seq <= state.log.length() && state.log.chainAt(place.seq) === place.chain
  if (!link.sent.has(item.id) && !refused.has(item.id) && isOnChain) sendAppend(context, link, { id: state.id, item })
}

/** The journal has them, so this waits for a turn after the one that made the snapshot. Who has confirmed it has got all parts from the relay. */
const offerParts = async (
  context: ReplicaContext,
  state: CollectionState,
  { link, item }: { readonly link: LinkState; readonly item: Snapshot },
): Promise<void> => {
  const isThere =
    state.snapshots.stored.has(item.id) || state.log.confirmations().some(({ snapshot }) => snapshot === item.id)
  if (isThere || link.partsOffered.has(item.id)) return
  const parts = await readKeptParts(context, state, item)
  if (parts === undefined) return
  link.partsOffered.add(item.id)
  for (const [part, bytes] of parts.entries()) {
    const request = link.nextRequest
    link.nextRequest += 1
    link.requests.set(request, { collection: state.id, item: item.id })
    const hash = item.header.parts[part]?.hash ?? ''
    sendToLink(context, link, { kind: 'put-part', request, collection: state.id, hash }, [bytes])
  }
}
