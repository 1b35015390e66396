import type { ManifestHead } from '@tonestead/protocol/manifest'
import { nominalBitrateOf } from '@tonestead/protocol/rendition'
import type { PlayRecord } from '../../ports/play-store.ts'

/** Renditions are named here by their place in the head; the bit rates say which is lower. */
export type Choice = {
  readonly slot: number
  readonly bitratesBps: readonly number[]
  /** What went out for this slot before. */
  readonly pinned: number | undefined
  /** Renditions of this slot that are on the device. */
  readonly kept: readonly number[]
  /** A fixed rendition, or by the network. */
  readonly quality: number | 'auto'
  readonly pattern: 'cycle' | undefined
  readonly throughputBps: number | undefined
  /** Of the slot before, in the same run of slots. */
  readonly previous: number | undefined
  /** Slots since playing began or somebody sought. */
  readonly slotsSinceStart: number
}

/** Slots after a start or seek that take the lowest rendition: they decide how long the silence lasts. */
export const startSlots = 2
/** Share of the measured throughput that a rendition may need. */
const safety = 0.7

/** [R5] Pinned, else kept (the highest), else what the network carries: lowest at a start, then one step up at a time, at once down. */
export const chooseRendition = (choice: Choice): number => {
  if (choice.pinned !== undefined) return choice.pinned
  const ladder = choice.bitratesBps
    .map((_, index) => index)
    .toSorted((a, b) => (choice.bitratesBps[a] ?? 0) - (choice.bitratesBps[b] ?? 0))
  const lowest = ladder[0] ?? 0
  if (choice.pattern === 'cycle') return ladder[choice.slot % ladder.length] ?? lowest
  if (choice.quality !== 'auto') return choice.quality
  const kept = ladder.findLast((index) => choice.kept.includes(index))
  if (kept !== undefined) return kept
  if (choice.slotsSinceStart < startSlots || choice.throughputBps === undefined) return lowest
  const budget = choice.throughputBps * safety
  const affordable = ladder.findLastIndex((index) => (choice.bitratesBps[index] ?? 0) <= budget)
  const step = choice.previous === undefined ? 0 : ladder.indexOf(choice.previous)
  return ladder[Math.min(Math.max(0, affordable), step + 1)] ?? lowest
}

/** A fixed quality that this recording does not have (yet) becomes the highest below it, else the lowest there is. */
export const qualityIndex = (record: Pick<PlayRecord, 'quality'>, head: ManifestHead): number | 'auto' => {
  if (record.quality === 'auto') return 'auto'
  const wanted = nominalBitrateOf(record.quality)
  const rates = head.renditions.map(({ name }) => nominalBitrateOf(name))
  const atMost = rates.filter((rate) => rate <= wanted)
  return rates.indexOf(atMost.length > 0 ? Math.max(...atMost) : Math.min(...rates))
}
