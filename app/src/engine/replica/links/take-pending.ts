import type { Bytes } from '@tonestead/protocol/bytes'
import { readItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { Envelope } from '@tonestead/protocol/sync/envelope'
import { signingKeyOf } from '@tonestead/protocol/sync/log/rights'
import type { CollectionState } from '../collection/collection-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { dropLink, type LinkState } from './link-state.ts'

/** [RP12] Most envelopes of one device that wait or are kept aside, and most that are pending; more are not taken. */
export const maxWaitingPerDevice = 300
const maxPendingPerDevice = 4_096

/** [RP12] An envelope of another device that has no place yet. Gives true when it was taken. */
export const takePending = async (
  context: ReplicaContext,
  state: CollectionState,
  { link, bytes }: { link: LinkState; bytes: Bytes },
): Promise<boolean> => {
  const envelope = await readItem(bytes)
  if (envelope?.kind !== 'envelope' || envelope.body === undefined || envelope.header.collection !== state.id) {
    dropLink(link)
    return false
  }
  link.sent.add(envelope.id)
  if (isKnown(state, envelope) || state.alarm !== undefined || isOverQuota(state, envelope)) return false
  if (!(await isSigned(context, state, envelope))) return false
  state.waiting.set(envelope.id, { envelope, origin: link.link.kind })
  return true
}

const isKnown = (state: CollectionState, { id }: Envelope): boolean =>
  state.log.seqOf(id) !== undefined ||
  state.dead.has(id) ||
  [state.pending, state.waiting, state.aside].some((list) => list.has(id))

const isOverQuota = (state: CollectionState, { header }: Envelope): boolean => {
  const ofDevice = (list: CollectionState['pending']): number =>
    [...list.values()].filter(({ envelope }) => envelope.header.device === header.device).length
  return (
    ofDevice(state.waiting) + ofDevice(state.aside) >= maxWaitingPerDevice ||
    ofDevice(state.pending) >= maxPendingPerDevice
  )
}

/** Whom the log here does not know yet may be a member by a log that is longer: his envelopes come again with it. */
const isSigned = async (
  { verifier }: ReplicaContext,
  { log }: CollectionState,
  envelope: Envelope,
): Promise<boolean> => {
  const key = signingKeyOf(log.now(), envelope.header.account, envelope.header.device)
  return key !== undefined && verifier.verifyItem(envelope, key)
}
