import { toBase64Url } from '@tonestead/protocol/bytes'
import { writeProofItem } from '@tonestead/protocol/sync/codec/item-codec'
import { personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import type { Member } from '@tonestead/protocol/sync/log-state'
import type { AccountProof } from '@tonestead/protocol/sync/membership'
import type { ReplicaContext } from '../replica-context.ts'

/**
 * [RP23] The membership items of the personal collection after the first `known`, for a collection that knows those. Undefined when there are none, or the
 * personal collection is not here.
 */
export const ownAccountProof = ({ collections, device }: ReplicaContext, known: number): AccountProof | undefined => {
  const personal = collections.get(personalCollectionId(device.account))
  const places = personal?.log.membershipPlaces().slice(known) ?? []
  const items = places.flatMap((seq) => {
    const item = personal?.log.at(seq)?.item
    return item?.kind === 'membership' ? [toBase64Url(writeProofItem(item))] : []
  })
  return items.length === 0 ? undefined : { account: device.account, items }
}

/** [RP23] This device stands, and none does that a collection knows of the account, which is a member of it. */
export const standsInsteadOfKnown = ({ collections, device }: ReplicaContext, known: Member | undefined): boolean => {
  const personal = collections.get(personalCollectionId(device.account))?.log.now()
  const standing = personal?.members.get(device.account)?.devices
  if (known === undefined || standing?.has(device.device) !== true) return false
  return ![...known.devices.keys()].some((id) => standing.has(id))
}
