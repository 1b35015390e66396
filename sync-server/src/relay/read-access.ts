import type { DeviceId } from '@tonestead/crdt/ids'
import { verifyRedemption } from '@tonestead/protocol/sync/keys/invitation-link'
import type { Verifier } from '@tonestead/protocol/sync/keys/verifier'
import { personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import { findAuthor, type Author } from '@tonestead/protocol/sync/log/rights'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Clock } from '../ports/clock.ts'
import type { LogHead, LogStore } from '../ports/log-store.ts'
import type { HeadCache } from './head-cache.ts'

/** What a device may read of a log: all of it, or what there was until it was taken away. */
export type ReadAccess =
  | { readonly kind: 'member' }
  | { readonly kind: 'invited' }
  | { readonly kind: 'departed'; readonly upTo: number }
  | { readonly kind: 'none' }

/** The proof that a device has the link of an invitation, as in the operation `redeemed`. */
export type InvitationProof = { readonly invitation: string; readonly proof: string }

export type AccessDeps = {
  readonly store: Pick<LogStore, 'departureOf'>
  readonly verifier: Verifier
  readonly clock: Pick<Clock, 'now'>
  readonly heads: Pick<HeadCache, 'fresh'>
}

/** [RC5] Who may read: members, also with a device that stands instead of all those known; who was taken away, up to that place; who has the link of an open invitation. */
export const findReadAccess = async (
  deps: AccessDeps,
  head: LogHead,
  { author, shown }: { readonly author: Author; readonly shown: InvitationProof | undefined },
): Promise<ReadAccess> => {
  if (findAuthor(head.state, author) !== undefined) return { kind: 'member' }
  if (shown !== undefined && (await hasLink(deps, head, { author, shown }))) return { kind: 'invited' }
  if (await standsInsteadOfKnown(deps, head, author)) return { kind: 'member' }
  const upTo = await departurePlace(deps, head.collection, author.device)
  return upTo === undefined ? { kind: 'none' } : { kind: 'departed', upTo }
}

/**
 * The account is a member, and of its devices none that the log knows stands any more: a device that stands instead must read the log to tell it so. Without it
 * the account would be behind for ever, and so no epoch could begin [LR4].
 */
const standsInsteadOfKnown = async (
  { heads }: AccessDeps,
  { state }: LogHead,
  { account, device }: Author,
): Promise<boolean> => {
  const member = state.members.get(account)
  if (member === undefined) return false
  const standing = (await heads.fresh(personalCollectionId(account)))?.state.members.get(account)?.devices
  return standing?.has(device) === true && ![...member.devices.keys()].some((known) => standing.has(known))
}

const departurePlace = (
  { store }: AccessDeps,
  collection: CollectionId,
  device: DeviceId,
): Promise<number | undefined> => store.departureOf(collection, device)

const hasLink = async (
  { verifier, clock }: AccessDeps,
  { state, collection }: LogHead,
  { author, shown }: { readonly author: Author; readonly shown: InvitationProof },
): Promise<boolean> => {
  const invitation = state.invitations.get(shown.invitation)
  if (invitation === undefined || invitation.expiresAt <= clock.now()) return false
  return verifyRedemption(
    { verifier },
    { redemption: { collection, ...author }, proof: shown.proof },
    invitation.proofKey,
  )
}
