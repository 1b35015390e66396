import { toBase64Url, type Bytes } from '@tonestead/protocol/bytes'
import type { Receipt } from '@tonestead/protocol/sync/log-item'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import type { CollectionState } from '../collection/collection-state.ts'
import { alarmKey, factRow } from '../journal-keys.ts'
import type { Alarm } from '../replica.ts'
import type { ReplicaContext } from '../replica-context.ts'

/** [RP7] Freezes the collection: nothing is written to it any more, nothing local is lost, and the proof is kept to be passed on. */
export const raiseAlarm = ({ turn, log }: ReplicaContext, state: CollectionState, alarm: Alarm): void => {
  if (state.alarm !== undefined) return
  state.alarm = alarm
  log.error('the relay of a collection contradicts itself', { kind: alarm.kind, reason: alarm.reason })
  turn.writes.push(factRow(state, alarmKey, { ...alarm, proof: alarm.proof.map(toBase64Url) }))
  turn.isStrict = true
  turn.changed.add(state.id)
}

/** Two receipts that contradict each other, for whoever has the log that one of them names. */
export const contradiction = (state: CollectionState, other: Receipt): readonly Bytes[] =>
  [state.receipt, other].flatMap((receipt) =>
    receipt === undefined ? [] : [writeRelayFrame({ kind: 'receipt', receipt })],
  )
