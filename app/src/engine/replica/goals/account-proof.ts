import { toBase64Url } from '@tonestead/protocol/bytes'
import { writeProofItem } from '@tonestead/protocol/sync/codec/item-codec'
import { personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import type { Member } from '@tonestead/protocol/sync/log-state'
import type { AccountProof } from '@tonestead/protocol/sync/membership'
import type { ReplicaContext } from '../replica-context.ts'
import type { AccountInLog } from '../replica.ts'

/**
 * [RP23] The membership items of the personal collection after the first `known`, for a collection that knows those. Undefined when there are none, or the
 * personal collection is not here. [RP29] The first item proves the account also where it has no place in a log: a guest may begin none.
 */
export const ownAccountProof = ({ collections, device }: ReplicaContext, known: number): AccountProof | undefined => {
  const personal = collections.get(personalCollectionId(device.account))
  const logged = (personal?.log.membershipPlaces() ?? []).map((seq) => personal?.log.at(seq)?.item)
  const items = (logged.length > 0 ? logged : [personal?.firstItem])
    .slice(known)
    .flatMap((item) => (item?.kind === 'membership' ? [toBase64Url(writeProofItem(item))] : []))
  return items.length === 0 ? undefined : { account: device.account, items }
}

/** The account as its own log says. */
export const ownAccount = (context: ReplicaContext): AccountInLog | undefined => {
  const { account } = context.device
  const member = context.collections.get(personalCollectionId(account))?.log.now()?.members.get(account)
  const proof = ownAccountProof(context, 0)
  return member && proof && { devices: [...member.devices.values()], deviceLog: proof.items }
}

/** [RP23] This device stands, and none does that a collection knows of the account, which is a member of it. */
export const standsInsteadOfKnown = ({ collections, device }: ReplicaContext, known: Member | undefined): boolean => {
  const personal = collections.get(personalCollectionId(device.account))?.log.now()
  const standing = personal?.members.get(device.account)?.devices
  if (known === undefined || standing?.has(device.device) !== true) return false
  return ![...known.devices.keys()].some((id) => standing.has(id))
}
