import { useState, type DragEvent } from 'react'
import type { Track } from '@tonestead/protocol/catalog'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { counted } from '../state/format-time.ts'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { hasDragged, readDragged, type DraggedTracks } from '../tracks/dragged-tracks.ts'
import { useAddToPlaylist } from './use-add-to-playlist.ts'

/** The server gives so many tracks at once. */
const mostPerRequest = 50

/** Rows of tracks can be dropped on an element that stands for a playlist. The menu of a track can do the same (WCAG 2.5.7). */
export const useDropOfTracks = (playlist: OpenPlaylist | undefined) => {
  const [isOver, setOver] = useState(false)
  const load = useDraggedTracks()
  const add = useAddToPlaylist()
  const onDragOver = (event: DragEvent) => {
    if (playlist === undefined || playlist.isReadOnly || !hasDragged(event.dataTransfer)) return
    // Allows the drop.
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    setOver(true)
  }
  return {
    isOver,
    handlers: {
      onDragEnter: onDragOver,
      onDragOver,
      onDragLeave: ({ currentTarget, relatedTarget }: DragEvent) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false)
      },
      onDrop: (event: DragEvent) => {
        setOver(false)
        const dragged = readDragged(event.dataTransfer)
        if (playlist === undefined || dragged === undefined) return
        // The browser would follow the link of the row.
        event.preventDefault()
        add(playlist, { what: dragged.what, load: () => load(dragged) })
      },
    },
  }
}

/** Shows a message about tracks that cannot be had. */
const useDraggedTracks = (): ((dragged: DraggedTracks) => Promise<readonly Track[] | undefined>) => {
  const { library } = useServices()
  const { toasts } = useUiState()
  return async ({ ids }) => {
    const { signal } = new AbortController()
    const found = new Map<string, Track>()
    for (let first = 0; first < ids.length; first += mostPerRequest) {
      const answer = await library.tracksById(ids.slice(first, first + mostPerRequest), signal)
      if (answer.kind === 'ready') for (const track of answer.value) found.set(track.id, track)
    }
    const tracks = ids.flatMap((id) => found.get(id) ?? [])
    if (tracks.length < ids.length)
      toasts.show(`${counted(ids.length - tracks.length, 'song')} cannot be had just now.`)
    return tracks.length === 0 ? undefined : tracks
  }
}
