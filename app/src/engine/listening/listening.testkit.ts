import { parseDeviceId, parseQueueEntryId, parseServerId, type DeviceId, type ServerId } from '@tonestead/crdt/ids'
import { emptyQueue, type Queue, type QueueEntry } from '@tonestead/crdt/queue'
import type { Track } from '@tonestead/protocol/catalog'
import { createMemoryValueStore } from '../../platform/browser-storage/memory-value-store.ts'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { silentLog as log } from '../../platform/system/silent-log.ts'
import type { TabLock } from '../../ports/tab-lock.ts'
import { createCell } from '../cell.ts'
import { createMemoryDocuments } from '../documents/memory-documents.testkit.ts'
import { aTrack, catalogIdOf } from '../saved/catalog-samples.testkit.ts'

const aServer = parseServerId('S'.repeat(22))
export const deviceNamed = (letter: string): DeviceId => parseDeviceId(letter.repeat(52))

/** What the parts of this folder need, over documents in memory. */
export const createListeningWorld = () => ({
  documents: createMemoryDocuments(),
  serverId: createCell<ServerId | undefined>(aServer),
  deviceId: deviceNamed('a'),
  values: createMemoryValueStore(),
  lock: ((_name, _signal, work) => work()) satisfies TabLock,
  clock: createManualClock(),
  random: createSeededRandom(5),
  log,
})

const tracks: readonly Track[] = Array.from({ length: 1_200 }, (_, index) => aTrack(`Track ${index}`))
/** The tracks of `queueOf`, as the player knows them. */
export const knownTracks: ReadonlyMap<string, Track> = new Map(tracks.map((track) => [track.id, track]))

const entryAt = (index: number): QueueEntry => ({
  id: parseQueueEntryId(catalogIdOf(`entry ${index}`)),
  trackId: tracks[index]?.id ?? aTrack('none').id,
  recordingId: tracks[index]?.recordingId ?? aTrack('none').recordingId,
  origin: 'context',
  contextOrder: index,
})

/** A queue of the tracks with these numbers. `current`: the number of the current one. */
export const queueOf = (numbers: readonly number[], current = numbers[0], changes: Partial<Queue> = {}): Queue => ({
  ...emptyQueue,
  context: { kind: 'tracks' },
  entries: numbers.map(entryAt),
  currentId: current === undefined ? undefined : entryAt(current).id,
  ...changes,
})
