import { writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import type { LogItem, Receipt } from '@tonestead/protocol/sync/log-item'
import type { NeverReason } from '@tonestead/protocol/sync/log-state'
import type { CollectionState } from '../collection/collection-state.ts'
import type { ReadOutcome } from '../log/read-items.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { dropLink, type LinkState } from './link-state.ts'
import { raiseAlarm } from './raise-alarm.ts'

type Accused = {
  readonly link: LinkState
  readonly receipt: Receipt
  /** The items that were to be read, and the place of the first. */
  readonly items: readonly LogItem[]
  readonly first: number
  readonly outcome: Extract<ReadOutcome, { kind: 'rule-broken' }>
}

/**
 * [RP6] A signature is not covered by the chain, so a wrong one may be the fault of whoever passed the item on; a relay answers for what it gives. All other
 * rules are shown by headers, which the chain covers.
 */
export const accuseItem = (context: ReplicaContext, state: CollectionState, accused: Accused): void => {
  const { link, receipt, items, first, outcome } = accused
  if (outcome.reason === 'signature' && link.link.kind === 'peer') {
    dropLink(link)
    return
  }
  const broken = items[outcome.seq - first]
  const frame = { kind: 'items', collection: state.id, from: outcome.seq, receipt } as const
  const proof = broken === undefined ? [] : [writeRelayFrame(frame, [writeItem(broken)])]
  raiseAlarm(context, state, { kind: 'rule-broken', seq: outcome.seq, reason: outcome.reason as NeverReason, proof })
}
