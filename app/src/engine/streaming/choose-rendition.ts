import type { ManifestHead } from '@tonestead/protocol/manifest'
import { nominalBitrateOf } from '@tonestead/protocol/rendition'
import type { PlayRecord } from '../../ports/play-store.ts'

/** Renditions are named by their index in the head; the bit rates say which is lower. */
export type Choice = {
  readonly slot: number
  readonly bitratesBps: readonly number[]
  /** The rendition that was sent for this slot before. */
  readonly pinned: number | undefined
  /** Renditions of this slot that are cached. */
  readonly cached: readonly number[]
  /** A fixed rendition, or by the throughput. */
  readonly quality: number | 'auto'
  readonly pattern: 'cycle' | undefined
  readonly throughputBps: number | undefined
  /** The rendition of the slot before, in the same run of slots. */
  readonly previous: number | undefined
  /** Slots since the start or the last seek. */
  readonly slotsSinceStart: number
}

/** This many slots after a start or seek take the lowest rendition, so that playback starts soon. */
export const startSlots = 2
/** Share of the measured throughput that a rendition may need. */
const safety = 0.7

/** [ST5] Pinned, else fixed, else the highest cached, else by the throughput: the lowest at a start, then one step up at a time, down at once. */
export const chooseRendition = (choice: Choice): number => {
  if (choice.pinned !== undefined) return choice.pinned
  const ladder = choice.bitratesBps
    .map((_, index) => index)
    .toSorted((a, b) => (choice.bitratesBps[a] ?? 0) - (choice.bitratesBps[b] ?? 0))
  const lowest = ladder[0] ?? 0
  if (choice.pattern === 'cycle') return ladder[choice.slot % ladder.length] ?? lowest
  if (choice.quality !== 'auto') return choice.quality
  const cached = ladder.findLast((index) => choice.cached.includes(index))
  if (cached !== undefined) return cached
  if (choice.slotsSinceStart < startSlots || choice.throughputBps === undefined) return lowest
  const budget = choice.throughputBps * safety
  const affordable = ladder.findLastIndex((index) => (choice.bitratesBps[index] ?? 0) <= budget)
  const step = choice.previous === undefined ? 0 : ladder.indexOf(choice.previous)
  return ladder[Math.min(Math.max(0, affordable), step + 1)] ?? lowest
}

/** [ST5] A fixed quality that this recording does not have (yet) becomes the highest one below it, else the lowest one. */
export const qualityIndex = (record: Pick<PlayRecord, 'quality'>, head: ManifestHead): number | 'auto' => {
  if (record.quality === 'auto') return 'auto'
  const wanted = nominalBitrateOf(record.quality)
  const rates = head.renditions.map(({ name }) => nominalBitrateOf(name))
  const atMost = rates.filter((rate) => rate <= wanted)
  return rates.indexOf(atMost.length > 0 ? Math.max(...atMost) : Math.min(...rates))
}
