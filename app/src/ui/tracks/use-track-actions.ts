import { useLocation } from 'wouter'
import type { Track } from '@tonestead/protocol/catalog'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'

/** What can be done with tracks and links anywhere, each answered by a short message. */
export const useTrackActions = () => {
  const { player } = useServices()
  const { toasts } = useUiState()
  const [, navigate] = useLocation()
  return {
    playNext: (track: Track) => {
      player.playNext([track])
      toasts.show(`${track.title} plays next.`)
    },
    addToQueue: (track: Track) => {
      player.addToQueue([track])
      toasts.show(`Added ${track.title} to the queue.`)
    },
    go: (path: string) => navigate(path),
    copyLink: async (path: string) => {
      const url = new URL(path, location.origin).href
      try {
        await navigator.clipboard.writeText(url)
        toasts.show('Link copied.')
      } catch {
        toasts.show(`This browser did not allow copying. The link is ${url}`)
      }
    },
  }
}
