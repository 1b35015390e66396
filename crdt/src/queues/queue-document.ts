import { optionalTextOf, textOf, type Text } from '../documents/document-text.ts'
import { parseQueueEntryId, type QueueEntryId } from '../ids.ts'
import type { Queue, QueueEntry, Repeat } from '../queue.ts'
import { shownIds, type SlotsDocument } from '../slots/slot-list.ts'
import type { TrackReference } from '../tracks/track-reference.ts'
import { packedContext, packedQueueEntry } from './packed-queue.ts'

/** The record of an entry: its slot and a packed `QueueItem`. */
export type QueueEntryRecord = { at: Text; item: Text }
/**
 * The queue of an account. `current`: an entry id. `context`: a packed `Context`. Absent: none, not shuffled, repeat off.
 */
export type QueueDocument = SlotsDocument<QueueEntryRecord> & {
  v: number
  current?: Text
  context?: Text
  isShuffled?: boolean
  repeat?: Text
}

/** The queue of a document, and the tracks of its entries. */
export type QueueView = { readonly queue: Queue; readonly tracks: ReadonlyMap<QueueEntryId, TrackReference> }

/** [QD1] The queue that a document shows. Entries that cannot be read are left out; a current entry that is gone is none. */
export const queueIn = (document: QueueDocument): QueueView => {
  const tracks = new Map<QueueEntryId, TrackReference>()
  const entries = shownIds(document).flatMap((id): QueueEntry[] => {
    const item = packedQueueEntry.unpack(textOf(document.entries[id]?.item))
    if (item === undefined) return []
    const { track, origin, contextOrder } = item
    const entryId = parseQueueEntryId(id)
    tracks.set(entryId, track)
    return [{ id: entryId, trackId: track.trackId, recordingId: track.recordingId, origin, contextOrder }]
  })
  const current = optionalTextOf(document.current)
  return {
    tracks,
    queue: {
      entries,
      currentId: entries.find(({ id }) => id === current)?.id,
      context: packedContext.unpack(textOf(document.context)),
      isShuffled: document.isShuffled === true,
      repeat: readRepeat(textOf(document.repeat)),
    },
  }
}

const readRepeat = (text: string): Repeat => (text === 'all' || text === 'one' ? text : 'off')
