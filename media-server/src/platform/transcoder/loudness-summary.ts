import type { Loudness } from '@tonestead/protocol/manifest'

/** Used instead of minus infinity: digital silence has no peak. */
const silencePeakDbtp = -99

/** Reads the last summary that the ebur128 filter printed. It prints one whenever a filter graph is created, and the first one is empty. */
export const readLoudnessSummary = (lines: readonly string[]): Loudness | undefined => {
  const start = lines.findLastIndex((line) => /^(?:\[.*ebur128.*)?Summary:/.test(line))
  if (start < 0) return undefined
  const value = (label: string): number | undefined => {
    const found = lines.slice(start).find((line) => line.trim().startsWith(label))
    const number = Number.parseFloat((found ?? '').trim().slice(label.length))
    return Number.isFinite(number) ? number : undefined
  }
  const integratedLufs = value('I:')
  const rangeLu = value('LRA:')
  if (integratedLufs === undefined || rangeLu === undefined) return undefined
  return { integratedLufs, rangeLu, truePeakDbtp: value('Peak:') ?? silencePeakDbtp }
}
