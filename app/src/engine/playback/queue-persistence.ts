import {
  parseEntryId,
  parseQueueEntryId,
  parseRecordingId,
  parseReleaseId,
  parseArtistId,
  parseTrackId,
} from '@tonestead/crdt/ids'
import { currentIndex, emptyQueue, type Queue } from '@tonestead/crdt/queue'
import { trackSchema, type Track } from '@tonestead/protocol/catalog'
import { z } from 'zod'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { ValueStore } from '../../ports/value-store.ts'

/** What a reload restores. */
type SavedPlayback = {
  readonly queue: Queue
  readonly tracks: readonly Track[]
  readonly positionMs: number
  readonly volume: number
  readonly isMuted: boolean
}

export type QueuePersistence = {
  read(): Promise<SavedPlayback | undefined>
  /** Changes within a short time are written once. */
  save(playback: SavedPlayback): void
  savePosition(positionMs: number): void
}

const queueName = 'queue'
const positionName = 'position'
const writeDelayMs = 300
/** Of a longer queue only this many entries around the current one are saved: a queue of 20,000 tracks would be 25 MB. */
const mostEntries = 1_000

const contextSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('release'), id: z.string().transform(parseReleaseId) }),
  z.object({ kind: z.literal('artist'), id: z.string().transform(parseArtistId) }),
  z.object({ kind: z.literal('playlist'), id: z.string().transform(parseEntryId) }),
  z.object({ kind: z.literal('tracks') }),
])
const entryId = z.string().transform(parseQueueEntryId)
const entrySchema = z.object({
  id: entryId,
  trackId: z.string().transform(parseTrackId),
  recordingId: z.string().transform(parseRecordingId),
  origin: z.enum(['person', 'context']),
  contextOrder: z.number(),
})
const queueSchema = z.object({
  entries: z.array(entrySchema),
  currentId: entryId.optional(),
  context: contextSchema.optional(),
  isShuffled: z.boolean(),
  repeat: z.enum(['off', 'all', 'one']),
})
const savedSchema = z.object({
  queue: queueSchema,
  tracks: z.array(trackSchema),
  volume: z.number().min(0).max(1),
  isMuted: z.boolean(),
})

type Deps = { readonly values: ValueStore; readonly clock: Clock; readonly log: Log }

export const createQueuePersistence = ({ values, clock, log }: Deps): QueuePersistence => {
  let waiting: SavedPlayback | undefined
  let currentId: Queue['currentId']

  const write = async (): Promise<void> => {
    await clock.after(writeDelayMs, new AbortController().signal)
    const playback = waiting
    waiting = undefined
    if (playback === undefined) return
    const queue = aroundCurrent(playback.queue)
    const known = new Set<string>(queue.entries.map((entry) => entry.trackId))
    await values.put(queueName, {
      queue,
      tracks: playback.tracks.filter((track) => known.has(track.id)),
      volume: playback.volume,
      isMuted: playback.isMuted,
    })
  }

  return {
    read: async () => {
      const parsed = savedSchema.safeParse(await values.get(queueName))
      if (!parsed.success) return undefined
      const position = z
        .object({ entryId: z.string(), positionMs: z.number().nonnegative() })
        .safeParse(await values.get(positionName))
      const { queue, ...rest } = parsed.data
      const positionMs = position.success && position.data.entryId === queue.currentId ? position.data.positionMs : 0
      return {
        ...rest,
        positionMs,
        queue: { ...emptyQueue, ...queue, currentId: queue.currentId, context: queue.context },
      }
    },
    save: (playback) => {
      const isWriting = waiting !== undefined
      waiting = playback
      currentId = playback.queue.currentId
      if (!isWriting) void write().catch(log.failed('the queue was not saved'))
    },
    savePosition: (positionMs) => {
      if (currentId !== undefined)
        void values
          .put(positionName, { entryId: currentId, positionMs })
          .catch(log.failed('the position was not saved'))
    },
  }
}

/** The part of a queue that is kept: this many entries around the current one. */
export const aroundCurrent = (queue: Queue): Queue => {
  const start = Math.max(0, Math.min(currentIndex(queue) - mostEntries / 10, queue.entries.length - mostEntries))
  return { ...queue, entries: queue.entries.slice(start, start + mostEntries) }
}
