import type { FromWorker } from '../../ports/stream-worker.ts'
import type { Play } from './play-setup.ts'

export type SentSlot = Extract<FromWorker, { kind: 'slot-sent' }>

/** What the worker sent into each slot: it is up to a minute ahead of the ear, so what sounds is looked up by position. */
export const createStreamInfoLog = () => {
  const sent = new Map<string, Map<number, SentSlot>>()
  return {
    add: (slot: SentSlot): void => {
      const slots = sent.get(slot.playId) ?? new Map<number, SentSlot>()
      sent.set(slot.playId, slots.set(slot.slot, slot))
    },
    at: ({ playId, head }: Play, positionMs: number): SentSlot | undefined => {
      const slot = Math.floor((positionMs * head.sampleRateHz) / 1000 / (head.framesPerSegment * head.samplesPerFrame))
      return sent.get(playId)?.get(slot)
    },
    forget: (playId: string): void => void sent.delete(playId),
  }
}
