import type { RecordingId } from '@tonestead/crdt/ids'
import type { ChunkRef } from '@tonestead/protocol/manifest'
import type { ContentKey } from '../ports/content-key-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import type { EncodedRendition } from '../ports/transcoder.ts'
import { packageSegment, segmentCountOf } from './package-rendition.ts'
import { sealSegmentSync } from './seal-segment.ts'

export type Sealing = {
  readonly objects: ObjectStore
  readonly recordingId: RecordingId
  readonly contentKey: ContentKey
}

/** Number of segments that are sealed and written at the same time. */
const concurrency = 4

/** Seals every segment and stores it in the object store. Returns the references in order; they are durable then. Repeating it makes the same chunks. */
export const sealRendition = async (
  sealing: Sealing,
  rendition: EncodedRendition,
  signal: AbortSignal,
): Promise<readonly ChunkRef[]> => {
  const address = {
    recordingId: sealing.recordingId,
    keyVersion: sealing.contentKey.version,
    rendition: rendition.name,
  }
  return inOrder(segmentCountOf(rendition), concurrency, async (index) => {
    signal.throwIfAborted()
    const segment = await packageSegment(rendition, index)
    const chunk = sealSegmentSync(sealing.contentKey.key, { address: { ...address, index }, segment })
    return { id: await sealing.objects.put(chunk, signal), sizeBytes: chunk.length }
  })
}

/** Runs `count` tasks, at most `limit` at the same time, and returns their results by index. After a fault no further task is started; it rejects when the running ones have ended. */
const inOrder = async <T>(count: number, limit: number, task: (index: number) => Promise<T>): Promise<readonly T[]> => {
  const results: T[] = []
  const state = { next: 0, isFailed: false }
  const work = async (): Promise<void> => {
    while (state.next < count && !state.isFailed) {
      const index = state.next
      state.next += 1
      try {
        results[index] = await task(index)
      } catch (fault) {
        state.isFailed = true
        throw fault
      }
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: Math.min(limit, count) }, work))
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return results
}
