import type { RelayMessage } from '@tonestead/protocol/sync/frame-messages'
import type { ReplicaContext } from '../replica-context.ts'
import type { FrameEffect, LinkState } from './link-state.ts'

type Refused = Extract<RelayMessage, { kind: 'refused' }>

/**
 * The relay gave an item no place. That never decides what becomes of it: the log does [RP14]. It is offered again after the time that the relay names, and
 * otherwise when the log has grown.
 */
export const takeRefusal = (
  context: ReplicaContext,
  link: LinkState,
  { request, reason, isFinal, retryAfterMs }: Refused,
): FrameEffect => {
  const asked = link.requests.get(request)
  link.requests.delete(request)
  if (asked === undefined) return { collections: [], hasOpened: false }
  context.log.info('a relay refused an item', { reason, isFinal })
  const snapshots = context.collections.get(asked.collection)?.snapshots
  if (isFinal) snapshots?.refused.add(asked.item)
  for (const goal of context.goals) if (goal.sent === asked.item) goal.refusedFor = reason
  if (retryAfterMs === undefined)
    link.refused.set(asked.item, context.collections.get(asked.collection)?.log.length() ?? 0)
  else
    context.wakeAfter(retryAfterMs, () => {
      link.sent.delete(asked.item)
      link.partsOffered.delete(asked.item)
    })
  return { collections: [asked.collection], hasOpened: false }
}
