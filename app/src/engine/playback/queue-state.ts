import { parseQueueEntryId, type QueueEntryId } from '@tonestead/crdt/ids'
import { currentEntry, emptyQueue, type Draw, type Queue, type QueueEntry } from '@tonestead/crdt/queue'
import { toBase32 } from '@tonestead/protocol/bytes'
import type { Track } from '@tonestead/protocol/catalog'
import type { Random } from '../../ports/random.ts'

/** The queue and the tracks of its entries. */
export type QueueState = {
  readonly queue: () => Queue
  readonly tracks: () => ReadonlyMap<string, Track>
  readonly current: () => Track | undefined
  readonly entry: (id: QueueEntryId) => QueueEntry | undefined
  readonly trackOf: (entry: QueueEntry | undefined) => Track | undefined
  readonly set: (queue: Queue) => void
  /** Adds tracks, or replaces them by newer versions. */
  readonly updateTracks: (tracks: readonly Track[]) => void
  /** `orders`: the index of each track in the context; without it, its index in `tracks`. */
  readonly entriesOf: (
    tracks: readonly Track[],
    origin: QueueEntry['origin'],
    orders?: readonly number[],
  ) => QueueEntry[]
  readonly draw: Draw
}

export const createQueueState = (random: Random): QueueState => {
  let queue = emptyQueue
  let tracks: ReadonlyMap<string, Track> = new Map()
  const trackOf = (entry: QueueEntry | undefined): Track | undefined =>
    entry === undefined ? undefined : tracks.get(entry.trackId)
  const updateTracks = (added: readonly Track[]): void => {
    tracks = new Map([...tracks, ...added.map((track): [string, Track] => [track.id, track])])
  }
  const newId = (): QueueEntryId => parseQueueEntryId(toBase32(random.bytes(16)))

  return {
    queue: () => queue,
    tracks: () => tracks,
    current: () => trackOf(currentEntry(queue)),
    entry: (id) => queue.entries.find((entry) => entry.id === id),
    trackOf,
    set: (changed) => {
      queue = changed
    },
    updateTracks,
    entriesOf: (added, origin, orders) => {
      updateTracks(added)
      return added.map((track, index) => ({
        id: newId(),
        trackId: track.id,
        recordingId: track.recordingId,
        origin,
        contextOrder: origin === 'context' ? (orders?.[index] ?? index) : 0,
      }))
    },
    draw: (below) => random.below(Math.max(1, below)),
  }
}
