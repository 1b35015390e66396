import { useLocation } from 'wouter'
import { parseTrackId } from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import { tryParse } from '../state/try-parse.ts'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { isWholeTrack, type ListedTrack } from './listed-track.ts'

/** Actions on tracks and links. Each shows a short message. */
export const useTrackActions = () => {
  const { player, library, log } = useServices()
  const { toasts, playlistAddition } = useUiState()
  const [, navigate] = useLocation()
  const wholeTrack = async (listed: ListedTrack): Promise<Track | undefined> => {
    if (isWholeTrack(listed)) return listed
    const id = tryParse(parseTrackId, listed.id)
    const answer = id === undefined ? undefined : await library.tracksById([id], new AbortController().signal)
    if (answer?.kind === 'ready' && answer.value[0] !== undefined) return answer.value[0]
    toasts.show(answer?.kind === 'offline' ? offlineText(listed.title) : goneText(listed.title))
    return undefined
  }
  return {
    /** The track with what playing and saving need; undefined, with a message, when it cannot be had. */
    wholeTrack,
    playNext: async (listed: ListedTrack) => {
      const track = await wholeTrack(listed)
      if (track === undefined) return
      player.playNext([track])
      toasts.show(`${track.title} plays next.`)
    },
    addToQueue: async (listed: ListedTrack) => {
      const track = await wholeTrack(listed)
      if (track === undefined) return
      player.addToQueue([track])
      toasts.show(`Added ${track.title} to the queue.`)
    },
    addToPlaylist: (listed: ListedTrack) =>
      playlistAddition.set({
        what: listed.title,
        load: async () => {
          const track = await wholeTrack(listed)
          return track && [track]
        },
      }),
    go: (path: string) => navigate(path),
    copyLink: async (path: string) => {
      const url = new URL(path, location.origin).href
      try {
        await navigator.clipboard.writeText(url)
        toasts.show('Link copied.')
      } catch (cause) {
        log.child('ui').failed('a link was not copied')(cause)
        toasts.show(`This browser did not allow copying. The link is ${url}`)
      }
    },
  }
}

export const offlineText = (title: string): string => `You are offline, and “${title}” is not on this device.`
export const goneText = (title: string): string =>
  `“${title}” cannot be had just now. It may have been taken out of the library.`
