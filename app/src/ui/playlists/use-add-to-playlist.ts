import { useCallback } from 'react'
import type { EntryId } from '@tonestead/crdt/ids'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { counted } from '../state/format-time.ts'
import { useServices } from '../state/services-context.tsx'
import type { PlaylistAddition } from '../state/ui-state.tsx'
import { usePlaylistEdits } from './use-playlist-edits.ts'

/** Adds tracks to the end of a playlist, and says so. The function stays the same. */
export const useAddToPlaylist = (): ((playlist: OpenPlaylist, addition: PlaylistAddition) => void) => {
  const { playlists } = useServices()
  const { say, failed } = usePlaylistEdits()
  return useCallback(
    (playlist, { what, load }) => {
      const add = async (id: EntryId): Promise<void> => {
        const tracks = await load()
        if (tracks === undefined) return
        const count = playlist.entries.length + tracks.length
        say(await playlists.addTracks(id, tracks), `Added ${what} to ${playlist.title}, ${counted(count, 'song')}.`)
      }
      void add(playlist.id).catch(failed)
    },
    [playlists, say, failed],
  )
}
