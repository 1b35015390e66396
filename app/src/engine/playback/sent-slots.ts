import type { FromWorker } from '../../ports/stream-worker.ts'
import { slotAtMs } from '../streaming/slot-time.ts'
import type { Play } from './play-setup.ts'

export type SentSlot = Extract<FromWorker, { kind: 'slot-sent' }>

/** What the worker sent for each slot. It sends up to a minute ahead, so the slot that plays is looked up by the position. */
export const createSentSlots = () => {
  const sent = new Map<string, Map<number, SentSlot>>()
  return {
    add: (slot: SentSlot): void => {
      const slots = sent.get(slot.playId) ?? new Map<number, SentSlot>()
      sent.set(slot.playId, slots.set(slot.slot, slot))
    },
    at: ({ playId, head }: Play, positionMs: number): SentSlot | undefined =>
      sent.get(playId)?.get(slotAtMs(head, positionMs)),
    forget: (playId: string): void => void sent.delete(playId),
  }
}
