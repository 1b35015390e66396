import type { PublishedRecording } from '../ports/catalog-store.ts'

const silenceLufs = -69

/**
 * Album loudness from its tracks: the mean of their powers, weighted by duration, and the highest peak. EBU R 128 gates the blocks of the whole
 * album; here the relative gate drops whole tracks instead. The result differs when a part of a track is far quieter than the rest.
 */
export const albumLoudness = (
  recordings: readonly Pick<PublishedRecording, 'loudness' | 'durationMs'>[],
): { integratedLufs: number; truePeakDbtp: number } | undefined => {
  const audible = recordings.filter((recording) => recording.loudness.integratedLufs > silenceLufs)
  if (audible.length === 0) return undefined
  const gated = withoutQuiet(audible)
  return {
    integratedLufs: round(meanLufs(gated)),
    truePeakDbtp: round(Math.max(...audible.map((recording) => recording.loudness.truePeakDbtp))),
  }
}

type Weighted = Pick<PublishedRecording, 'loudness' | 'durationMs'>

/** The relative gate of BS.1770, on whole tracks instead of blocks. */
const withoutQuiet = (recordings: readonly Weighted[]): readonly Weighted[] => {
  const gate = meanLufs(recordings) - 10
  return recordings.filter((recording) => recording.loudness.integratedLufs > gate)
}

const meanLufs = (recordings: readonly Weighted[]): number => {
  const durationMs = recordings.reduce((sum, recording) => sum + recording.durationMs, 0)
  const power = recordings.reduce(
    (sum, recording) => sum + recording.durationMs * 10 ** (recording.loudness.integratedLufs / 10),
    0,
  )
  return 10 * Math.log10(power / durationMs)
}

const round = (value: number): number => Math.round(value * 100) / 100
