import type { ManifestHead } from '@tonestead/protocol/manifest'

// [ST10] Slots and time, in one place. Times are those of the coded samples: they start with the encoder delay.

type Timing = Pick<ManifestHead, 'framesPerSegment' | 'samplesPerFrame' | 'sampleRateHz' | 'segmentCount'>

/** Where a slot starts; that of `segmentCount` is the end. */
export const slotStartMs = (head: Timing, slot: number): number =>
  (slot * head.framesPerSegment * head.samplesPerFrame * 1000) / head.sampleRateHz

/** The slot at a position, of the slots that exist. */
export const slotAtMs = (head: Timing, positionMs: number): number => {
  const slot = Math.floor((positionMs * head.sampleRateHz) / (1000 * head.framesPerSegment * head.samplesPerFrame))
  return Math.max(0, Math.min(head.segmentCount - 1, slot))
}
