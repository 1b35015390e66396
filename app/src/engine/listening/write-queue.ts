import type { QueueEntry } from '@tonestead/crdt/queue'
import type { ServerId } from '@tonestead/crdt/ids'
import { queueDifference } from '@tonestead/crdt/queues/queue-difference'
import { queueIn } from '@tonestead/crdt/queues/queue-document'
import type { QueueIntent } from '@tonestead/crdt/queues/queue-intent'
import { adoptionOf, bareReference } from '@tonestead/crdt/queues/stored-queue'
import type { TrackReference } from '@tonestead/crdt/tracks/track-reference'
import type { Log } from '../../ports/log.ts'
import type { DocumentRef, DocumentService } from '../documents/documents.ts'
import { newIntentId } from '../documents/new-intent-id.ts'
import { referenceOfTrack } from '../library/reference-of-track.ts'
import type { PlayerView } from '../playback/player.ts'
import { aroundCurrent } from '../playback/queue-persistence.ts'
import type { QueueMirrorDeps } from './queue-mirror-deps.ts'

// Loaded when the queue is written for the first time: first paint and first sound do not need it.

const queueRef: DocumentRef<'queue'> = { address: { kind: 'queue' } }
/** What this file does, for who loads it later. */
export type QueueWriter = { readonly writeQueue: typeof writeQueue; readonly adoptQueue: typeof adoptQueue }

/** Whether the queue that was kept before documents existed was brought into the document. */
const adoptedName = 'queue-adopted'

/** [LQ2] Whether the document shows the queue of the player now. */
export const writeQueue = async ({ view, documents, serverId, random, log }: QueueMirrorDeps): Promise<boolean> => {
  const server = serverId.get()
  const document = await documents.open(queueRef, new AbortController().signal)
  if (server === undefined || document.kind === 'unavailable' || document.isReadOnly) return false
  const { queue, tracks } = view.get()
  const intent = queueDifference({
    id: newIntentId(random),
    before: queueIn(document.document).queue,
    after: aroundCurrent(queue),
    trackOf: (entry) => referenceOf(entry, tracks, server) ?? bareReference(entry, server),
  })
  return intent === undefined || keep(documents, intent, log)
}

/** [LQ4] Brings the queue that was kept before documents existed into the document. */
export const adoptQueue = async ({
  view,
  documents,
  serverId,
  deviceId,
  values,
  log,
}: QueueMirrorDeps): Promise<void> => {
  const server = serverId.get()
  if ((await values.get(adoptedName)) === true || server === undefined) return
  const document = await documents.open(queueRef, new AbortController().signal)
  if (document.kind === 'unavailable' || document.isReadOnly) return
  const { queue, tracks } = view.get()
  const parts = adoptionOf({
    device: deviceId,
    serverId: server,
    queue: aroundCurrent(queue),
    trackOf: (entry) => referenceOf(entry, tracks, server),
  })
  for (const part of parts) if (!(await keep(documents, part, log))) return
  await values.put(adoptedName, true)
}

const referenceOf = (
  { trackId }: QueueEntry,
  tracks: PlayerView['tracks'],
  server: ServerId,
): TrackReference | undefined => {
  const track = tracks.get(trackId)
  return track && referenceOfTrack(track, server)
}

const keep = async (documents: DocumentService, intent: QueueIntent, log: Log): Promise<boolean> => {
  const result = await documents.edit(queueRef, intent)
  if (result.kind === 'kept' || result.kind === 'unchanged') return true
  log.warn('the queue was not taken by its document', {
    reason: result.kind === 'refused' ? result.reason : result.kind,
  })
  return false
}
