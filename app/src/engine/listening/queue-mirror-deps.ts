import type { DeviceId, ServerId } from '@tonestead/crdt/ids'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Random } from '../../ports/random.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import type { DocumentService } from '../documents/documents.ts'
import type { PlayerView } from '../playback/player.ts'
import type { Readable } from '../readable.ts'

export type QueueMirrorDeps = {
  readonly view: Readable<Pick<PlayerView, 'queue' | 'tracks'>>
  readonly documents: DocumentService
  readonly serverId: Readable<ServerId | undefined>
  readonly deviceId: DeviceId
  readonly values: ValueStore
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}
