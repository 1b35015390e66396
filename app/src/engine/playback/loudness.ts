import type { Context } from '@tonestead/crdt/queue'
import type { Track } from '@tonestead/protocol/catalog'
import type { Settings } from '../settings/settings.ts'

/** Reference loudness of streaming services, in LUFS. */
const referenceLufs = -14
/** True peaks stay this far below full scale. */
const ceilingDbtp = -1

export type TrackLoudness = { readonly integratedLufs: number; readonly truePeakDbtp: number }

/** Gain that brings a sound to the reference without its peaks going over the ceiling; never above 0, since audio is only attenuated. */
export const gainDb = (loudness: TrackLoudness): number =>
  Math.min(0, referenceLufs - loudness.integratedLufs, ceilingDbtp - loudness.truePeakDbtp)

/** The album's loudness keeps a release's quiet tracks quiet; a mixed queue goes by track. */
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
 * A lossless mono file comes out of two speakers: twice the power that BS.1770 counted, and that the AAC renditions have, which are mixed to
 * stereo at equal power. Held down by as much, both sound alike.
 */
export const monoGainDb = (channels: number): number => (channels === 1 ? -10 * Math.log10(2) : 0)

export const linearOf = (decibels: number): number => 10 ** (decibels / 20)
