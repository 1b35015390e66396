import type { Context } from '@tonestead/crdt/queue'
import type { Track } from '@tonestead/protocol/catalog'
import type { Settings } from '../settings/settings.ts'

/** Reference loudness of streaming services, in LUFS. */
const referenceLufs = -14
/** True peaks stay this far below full scale. */
const ceilingDbtp = -1

export type TrackLoudness = { readonly integratedLufs: number; readonly truePeakDbtp: number }

/** Gain that brings a track to the reference loudness with its peaks below the ceiling; never above 0, since audio is only attenuated. */
export const gainDb = (loudness: TrackLoudness): number =>
  Math.min(0, referenceLufs - loudness.integratedLufs, ceilingDbtp - loudness.truePeakDbtp)

/** By the loudness of the album quiet tracks of a release stay quiet; a mixed queue is normalized by track. */
export const loudnessFor = (playing: {
  track: Track
  own: TrackLoudness
  context: Context | undefined
  setting: Settings['loudness']
  isShuffled: boolean
}): TrackLoudness | undefined => {
  const { track, own, context, setting, isShuffled } = playing
  if (setting === 'off') return undefined
  const isInOrder = context?.kind === 'release' && context.id === track.release.id && !isShuffled
  return setting === 'album' || (setting === 'automatic' && isInOrder) ? (track.albumLoudness ?? own) : own
}

/**
 * A lossless mono file is played by two speakers: twice the power that BS.1770 measured. The AAC renditions are mixed to stereo at equal power, so that
 * they have the measured power. This gain makes both equally loud.
 */
export const monoGainDb = (channels: number): number => (channels === 1 ? -10 * Math.log10(2) : 0)

export const linearOf = (decibels: number): number => 10 ** (decibels / 20)
