import { parseArtistId } from '@tonestead/crdt/ids'
import { tryParse } from '../state/try-parse.ts'
import { usePlayerView, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { goneText } from '../tracks/use-track-actions.ts'

/** Loads the tracks of an artist and plays them. When they are in the queue already, pauses and resumes them. */
export const usePlayArtist = (artist: {
  readonly id: string
  readonly title: string
}): { isOn: boolean; toggle: () => void } => {
  const { player, library } = useServices()
  const { toasts } = useUiState()
  const { queue, state } = usePlayerView()
  const id = tryParse(parseArtistId, artist.id)
  const isHere =
    id !== undefined && queue.context?.kind === 'artist' && queue.context.id === id && state.kind !== 'idle'
  const start = async () => {
    const answer = id === undefined ? undefined : await library.artist(id, new AbortController().signal)
    if (id !== undefined && answer?.kind === 'ready')
      return void player.playTracks({ context: { kind: 'artist', id }, tracks: answer.value.tracks, startAt: 0 })
    toasts.show(
      answer?.kind === 'offline'
        ? `You are offline, and the tracks of “${artist.title}” are not on this device.`
        : goneText(artist.title),
    )
  }
  return {
    isOn: isHere && (state.kind === 'playing' || state.kind === 'loading'),
    toggle: () => (isHere ? player.toggle() : void start()),
  }
}

/** Whether this track is playing or loading. */
export const useIsPlaying = (trackId: string): boolean => {
  const { current, state } = usePlayerView()
  return current?.id === trackId && (state.kind === 'playing' || state.kind === 'loading')
}
