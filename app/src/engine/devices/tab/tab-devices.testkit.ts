import { parseQueueEntryId, parseRecordingId, parseServerId, parseTrackId } from '@tonestead/crdt/ids'
import { emptyQueue, type Queue } from '@tonestead/crdt/queue'
import { queueDifference } from '@tonestead/crdt/queues/queue-difference'
import { bareReference } from '@tonestead/crdt/queues/stored-queue'
import type { Track } from '@tonestead/protocol/catalog'
import { createManualClock } from '../../../platform/system/manual-clock.ts'
import { createSeededRandom } from '../../../platform/system/seeded-random.ts'
import { silentLog } from '../../../platform/system/silent-log.ts'
import { createCell } from '../../cell.ts'
import { createMemoryDocuments } from '../../documents/memory-documents.testkit.ts'
import { newIntentId } from '../../documents/new-intent-id.ts'
import type { OwnPlayer, PlayerView } from '../../playback/player.ts'
import type { PlayerReport } from '../messages/player-report.ts'
import type { DevicesQuestion, KnownDevice } from '../messages/tab-messages.ts'
import { createDevices } from './create-devices.ts'
import { queueMarkOf } from './report-player.ts'

// The devices in one tab, with a player that notes what it is told, and a leader whose answers the test gives.

const run = 'r'.repeat(26)
const entryId = parseQueueEntryId('e'.repeat(26))
const trackId = parseTrackId('t'.repeat(26))
export const track = { id: trackId, title: 'Evening', durationMs: 200_000 } as unknown as Track
export const accountQueue: Queue = {
  ...emptyQueue,
  entries: [
    {
      ...{ id: entryId, trackId, recordingId: parseRecordingId('s'.repeat(26)) },
      ...{ origin: 'person', contextOrder: 0 },
    },
  ],
  currentId: entryId,
}

export const elsewhere: PlayerReport = {
  ...{ state: 'playing', entryId, trackId, title: 'Evening', positionMs: 30_000, durationMs: 200_000 },
  ...{ volume: 0.5, isMuted: false, queueMark: queueMarkOf(accountQueue) },
}

const idleView = {
  ...{ state: { kind: 'idle' }, queue: emptyQueue, tracks: new Map(), current: undefined, durationMs: 0 },
  ...{ volume: 1, isMuted: false, streamInfo: undefined, hasNext: false, hasPrevious: false },
} as PlayerView

export const createTabWorld = async () => {
  const [clock, random] = [createManualClock(), createSeededRandom(3)]
  const told: (readonly [string, ...unknown[]])[] = []
  const asked: DevicesQuestion[] = []
  const view = createCell<PlayerView>(idleView)
  const note = (name: string) => [name, (...given: unknown[]) => void told.push([name, ...given])] as const
  const names = ['playTracks', 'play', 'pause', 'next', 'previous', 'seek', 'setVolume', 'setMuted', 'setShuffle']
  const more = ['setRepeat', 'playNext', 'addToQueue', 'jumpTo', 'remove', 'move', 'clearUpcoming', 'toggle', 'adopt']
  const methods = Object.fromEntries([...names, ...more].map(note))
  const own = { view, positionMs: () => 0, ...methods } as unknown as OwnPlayer
  const values = { view: createCell<unknown>(undefined), orders: createCell<unknown>({ run, orders: [] }) }
  let answerTake = (answer: unknown): void => void answer
  const documents = {
    ...createMemoryDocuments(),
    value: (_: string, key: string) => values[key as keyof typeof values],
    ask: (_: string, question: unknown) => {
      asked.push(question as DevicesQuestion)
      const { kind } = question as DevicesQuestion
      if (kind !== 'take') return Promise.resolve({ kind: 'answered', value: { kind: 'done' } } as const)
      return new Promise<{ kind: 'answered'; value: unknown }>((resolve) => {
        answerTake = (value) => resolve({ kind: 'answered', value })
      })
    },
  }
  const intent = queueDifference({
    ...{ id: newIntentId(random), before: emptyQueue, after: accountQueue },
    trackOf: (entry) => bareReference(entry, parseServerId('A'.repeat(22))),
  })
  await documents.edit({ address: { kind: 'queue' } }, intent!)
  const library = { tracksById: () => Promise.resolve({ kind: 'ready', value: [track], isFromCache: false } as never) }
  const created = createDevices({
    ...{ documents, library, own, tab: 'tab', clock, random, log: silentLog },
    writeQueue: () => void told.push(['writeQueue']),
    onLeave: () => undefined,
  })
  const device = (given: Partial<KnownDevice>): KnownDevice => ({
    ...{ id: 'other', name: 'Phone', isSelf: false, isHolder: false, reach: 'reached' },
    ...given,
  })
  let orders = 0
  return {
    ...created,
    clock,
    told,
    asked,
    answerTake: (answer: unknown) => answerTake(answer),
    /** What the leader says of the other device. */
    showOther: (other: Partial<KnownDevice>) =>
      values.view.set({
        ...{ run, self: 'self', isOnline: true },
        devices: [device({ id: 'self', isSelf: true, reach: 'here' }), device(other)],
      }),
    order: (action: object) => {
      orders += 1
      values.orders.set({ run, orders: [{ number: orders, tab: 'tab', action }] })
    },
    /** Lets everything happen that needs no time. */
    settle: () => clock.advance(0),
  }
}
