import type { Track } from '@tonestead/protocol/catalog'
import type { SettingsStore } from '../settings/settings.ts'
import { gainDb, linearOf, loudnessFor, monoGainDb } from './loudness.ts'
import type { PlaySetup } from './play-setup.ts'
import type { QueueState } from './queue-state.ts'

/** The volume that the person set, and the output volume of a track after loudness normalization. */
export type VolumeControl = {
  readonly get: () => { readonly volume: number; readonly isMuted: boolean }
  readonly set: (change: { volume?: number; isMuted?: boolean }) => void
  readonly gainDb: (track: Track) => number
  readonly outputVolume: (track: Track) => number
}

export const createVolumeControl = ({
  settings,
  setup,
  queueState,
}: {
  settings: SettingsStore
  setup: PlaySetup
  queueState: QueueState
}): VolumeControl => {
  let state = { volume: 1, isMuted: false }
  const gainOf = (track: Track): number => {
    const { quality, loudness: setting } = settings.view.get()
    const { context, isShuffled } = queueState.queue()
    const head = setup.headOf(track, quality)
    const loudness = loudnessFor({ track, own: head.loudness, context, setting, isShuffled })
    return (loudness === undefined ? 0 : gainDb(loudness)) + monoGainDb(head.channels)
  }
  return {
    get: () => state,
    set: (change) => {
      state = { ...state, ...change }
    },
    gainDb: gainOf,
    outputVolume: (track) => (state.isMuted ? 0 : Math.min(1, state.volume * linearOf(gainOf(track)))),
  }
}
