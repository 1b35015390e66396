import type { DeviceId, ServerId } from '@tonestead/crdt/ids'
import type { QueueEntry } from '@tonestead/crdt/queue'
import { queueDifference } from '@tonestead/crdt/queues/queue-difference'
import { queueIn } from '@tonestead/crdt/queues/queue-document'
import type { QueueIntent } from '@tonestead/crdt/queues/queue-intent'
import { adoptionOf, bareReference } from '@tonestead/crdt/queues/stored-queue'
import type { TrackReference } from '@tonestead/crdt/tracks/track-reference'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Random } from '../../ports/random.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import type { DocumentRef, DocumentService } from '../documents/documents.ts'
import { newIntentId } from '../documents/new-intent-id.ts'
import { referenceOfTrack } from '../library/reference-of-track.ts'
import type { PlayerView } from '../playback/player.ts'
import { aroundCurrent } from '../playback/queue-persistence.ts'
import type { Readable } from '../readable.ts'
import { createAtMostEvery } from './at-most-every.ts'
import type { QueueChanges } from './queue-changes.ts'

export type QueueMirrorDeps = {
  readonly view: Readable<Pick<PlayerView, 'queue' | 'tracks'>>
  /** Of the same view. */
  readonly changes: QueueChanges
  readonly documents: DocumentService
  readonly serverId: Readable<ServerId | undefined>
  readonly deviceId: DeviceId
  readonly values: ValueStore
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

const queueRef: DocumentRef<'queue'> = { address: { kind: 'queue' } }
/** Whether the queue that was kept before documents existed was brought into the document. */
const adoptedName = 'queue-adopted'
/** [KQ2] The log of the document grows with each write. */
export const queueWriteEveryMs = 5_000

/** [KQ1] Follows the queue of the player. Called when nobody waits for the network. */
export const startQueueMirror = (deps: QueueMirrorDeps): { readonly writeNow: () => void } => {
  const { view, changes, clock, log } = deps
  const write = async (): Promise<void> => {
    const written = view.get().queue
    if (await writeQueue(deps)) await changes.settle(written)
  }
  const onFailure = log.failed('the queue was not written')
  const writeSoon = createAtMostEvery(clock, { everyMs: queueWriteEveryMs, onFailure }, write)
  const start = async (): Promise<void> => {
    await adopt(deps)
    changes.subscribe(writeSoon)
    if (await changes.isWaiting()) writeSoon()
  }
  void start().catch(log.failed('the queue was not brought into the documents'))
  return {
    writeNow: () => {
      const writeWaiting = async (): Promise<void> => {
        if (await changes.isWaiting()) await write()
      }
      void writeWaiting().catch(onFailure)
    },
  }
}

/** [KQ2] Whether the document shows the queue of the player now. */
const writeQueue = async ({ view, documents, serverId, random, log }: QueueMirrorDeps): Promise<boolean> => {
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

/** [KQ4] */
const adopt = async ({ view, documents, serverId, deviceId, values, log }: QueueMirrorDeps): Promise<void> => {
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
