import { keyIdOf } from '@tonestead/protocol/sync/keys/agreement-key'
import { invitationKeys, signRedemption } from '@tonestead/protocol/sync/keys/invitation-link'
import { findAuthor } from '@tonestead/protocol/sync/log/rights'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { CollectionState } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { isHome, mayRead } from './deliver.ts'
import type { LinkState } from './link-state.ts'
import { sendToLink } from './send.ts'

/** After a relay has refused or ended a subscription, it is asked again: the membership or the collection may come later. */
const resubscribeAfterMs = 5000

/** [RP25] On a link to a relay: the collections of which it may be the home. On a direct link: those of which the peer is a member. */
export const subscribeAll = async (context: ReplicaContext, link: LinkState): Promise<void> => {
  for (const state of context.collections.values()) await subscribeIfConcerned(context, link, state)
}

export const subscribeIfConcerned = async (
  context: ReplicaContext,
  link: LinkState,
  state: CollectionState,
): Promise<void> => {
  if (isHome(state, link) || mayRead(state, link)) await subscribeTo(context, link, state.id)
}

/** A log that is still to be begun is read when the relay has taken its first item. */
const isToBegin = ({ firstItem, log }: CollectionState, { firstItemsSent }: LinkState): boolean =>
  firstItem !== undefined && log.length() === 0 && !firstItemsSent.has(firstItem.id)

export const subscribeTo = async (
  context: ReplicaContext,
  link: LinkState,
  collection: CollectionId,
): Promise<void> => {
  const state = context.collections.get(collection)
  if (state === undefined || !link.isOpen || link.isClosed || link.subscribed.has(collection)) return
  if (link.link.kind === 'relay' && isToBegin(state, link)) return
  link.subscribed.add(collection)
  const invitation = link.link.kind === 'relay' ? await invitationFor(context, state) : undefined
  sendToLink(context, link, { kind: 'subscribe', collection, after: state.log.length(), invitation })
}

/** [M3] Who is about to redeem an invitation shows that he has its link: before that he may not read. */
const invitationFor = async ({ goals, device, subtle }: ReplicaContext, { id, log }: CollectionState) => {
  const goal = [...goals].map((each) => each.goal).findLast((each) => each.collection === id && each.kind === 'redeem')
  if (goal?.kind !== 'redeem' || findAuthor(log.now(), device) !== undefined) return undefined
  const { sealing, proof } = await invitationKeys({ subtle }, goal.secret)
  const redemption = { collection: id, account: device.account, device: device.device }
  return {
    invitation: keyIdOf(sealing.publicKey),
    proof: await signRedemption({ subtle, signingKey: proof.privateKey }, redemption),
  }
}

/** The relay does not give the collection (any more). */
export const subscriptionEnded = (context: ReplicaContext, link: LinkState, collection: CollectionId): void => {
  if (!link.subscribed.delete(collection)) return
  context.wakeAfter(resubscribeAfterMs, () => subscribeTo(context, link, collection))
}
