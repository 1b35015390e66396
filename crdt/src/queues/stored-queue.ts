import type { DeviceId, IntentId, ServerId } from '../ids.ts'
import { parseDurationMs } from '../instant.ts'
import { emptyQueue, type Queue, type QueueEntry } from '../queue.ts'
import { partIdOf } from '../slots/slot-ids.ts'
import type { TrackReference } from '../tracks/track-reference.ts'
import { queueDifference } from './queue-difference.ts'
import type { QueueIntent } from './queue-intent.ts'
import { splitQueueIntent } from './split-queue-intent.ts'

/**
 * A queue that a device kept before documents existed: entries with bare ids of one server. `trackOf`: what is known of an entry's track, if anything.
 */
export type StoredQueue = {
  readonly device: DeviceId
  readonly serverId: ServerId
  readonly queue: Queue
  readonly trackOf: (entry: QueueEntry) => TrackReference | undefined
}

/** [MG3] The intent id under which a device brings the queue that it kept: the same whenever it tries. */
export const adoptionIdOf = (device: DeviceId): IntentId => partIdOf(device as string as IntentId, 0)

/**
 * [MG3] The intents that bring a kept queue into an empty queue document, in order. The same input gives the same intents, so they can be applied again
 * after a crash; they change nothing once the document shows another queue. The position is not in them: it is an anchor of the playback document.
 */
export const adoptionOf = ({ device, serverId, queue, trackOf }: StoredQueue): QueueIntent[] => {
  const id = adoptionIdOf(device)
  const difference = queueDifference({
    id,
    before: emptyQueue,
    after: queue,
    trackOf: (entry) => trackOf(entry) ?? bareReference(entry, serverId),
  })
  return difference === undefined ? [] : splitQueueIntent({ ...difference, kind: 'adoptQueue' })
}

/** [MG3] The track of an entry of which only the ids are known; what people read comes with the next answer of the server. */
export const bareReference = ({ trackId, recordingId }: QueueEntry, serverId: ServerId): TrackReference => ({
  serverId,
  trackId,
  recordingId,
  title: '',
  credits: [],
  release: { title: '' },
  durationMs: parseDurationMs(0),
})
