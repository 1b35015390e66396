import type { ReleaseId } from '@tonestead/crdt/ids'
import { usePlayerView, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'

/** Loads the tracks of a release and plays them in their order. When the release is in the queue already, pauses and resumes it. */
export const usePlayRelease = (id: ReleaseId): { isOn: boolean; toggle: () => void } => {
  const { player, library } = useServices()
  const { toasts } = useUiState()
  const { queue, state } = usePlayerView()
  const isHere = queue.context?.kind === 'release' && queue.context.id === id && state.kind !== 'idle'
  const start = async () => {
    const answer = await library.release(id, new AbortController().signal)
    if (answer.kind === 'ready')
      return void player.playTracks({ context: { kind: 'release', id }, tracks: answer.value.tracks })
    toasts.show(
      answer.kind === 'offline'
        ? 'You are offline, and this release is not on this device.'
        : `${answer.title}. Try again in a moment.`,
    )
  }
  return {
    isOn: isHere && (state.kind === 'playing' || state.kind === 'loading'),
    toggle: () => (isHere ? player.toggle() : void start()),
  }
}
