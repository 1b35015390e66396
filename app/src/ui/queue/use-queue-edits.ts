import { upcomingEntries, type QueueEntry } from '@tonestead/crdt/queue'
import type { Track } from '@tonestead/protocol/catalog'
import { counted } from '../state/format-time.ts'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'

/** Changes of the queue. Each shows a message; a removal can be undone. */
export const useQueueEdits = () => {
  const { player } = useServices()
  const { toasts, playlistAddition } = useUiState()
  const putBack = (track: Track, index: number) => {
    const before = new Set(player.view.get().queue.entries.map((entry) => entry.id))
    player.addToQueue([track])
    const added = player.view.get().queue.entries.find((entry) => !before.has(entry.id))
    if (added !== undefined) player.move(added.id, index)
  }
  return {
    remove: (entry: QueueEntry, track: Track) => {
      const index = player.view.get().queue.entries.findIndex((other) => other.id === entry.id)
      player.remove(entry.id)
      toasts.show(`Removed ${track.title} from the queue.`, () => putBack(track, index))
    },
    clear: () => {
      const { queue, tracks } = player.view.get()
      const removed = upcomingEntries(queue).flatMap((entry) => tracks.get(entry.trackId) ?? [])
      player.clearUpcoming()
      toasts.show(`Cleared ${removed.length} from the queue.`, () => player.addToQueue(removed))
    },
    /** The whole queue, with what was played. */
    save: () => {
      const { queue, tracks } = player.view.get()
      const all = queue.entries.flatMap((entry) => tracks.get(entry.trackId) ?? [])
      playlistAddition.set({ what: counted(all.length, 'song'), load: () => Promise.resolve(all) })
    },
    move: (entry: QueueEntry, track: Track, to: { index: number; firstUpcoming: number }) => {
      player.move(entry.id, to.index)
      toasts.show(`Moved ${track.title} to place ${to.index - to.firstUpcoming + 1} of what comes.`)
    },
  }
}
