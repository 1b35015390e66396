import type { ServerId } from '@tonestead/crdt/ids'
import type { DocumentService } from './engine/documents/documents.ts'
import { createHistory } from './engine/listening/create-history.ts'
import type { HistoryRecorder } from './engine/listening/history-recorder.ts'
import type { History } from './engine/listening/history.ts'
import { createQueueChanges } from './engine/listening/queue-changes.ts'
import type { Player } from './engine/playback/player.ts'
import type { Readable } from './engine/readable.ts'
import type { SettingsStore } from './engine/settings/settings.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import { systemRandom as random } from './platform/system/system-random.ts'
import { webTabLock as lock } from './platform/system/web-tab-lock.ts'
import type { DeviceIdentity } from './ports/device-store.ts'
import type { Log } from './ports/log.ts'
import type { ValueStore } from './ports/value-store.ts'

// Composition root of what the page keeps of listening in documents: queue, position, history.

type ListeningParts = {
  /** Whose saved queue is restored. */
  readonly player: Player
  readonly documents: DocumentService
  readonly serverId: Readable<ServerId | undefined>
  readonly settings: SettingsStore
  readonly identity: DeviceIdentity
  readonly values: ValueStore
  readonly log: Log
}
type Listening = {
  readonly onListened: HistoryRecorder['onListened']
  readonly history: History
  /** Called once, when nobody waits for the network: documents are read and written from then on. */
  readonly begin: () => void
  /** Writes the queue into its document now, if it is not there yet. */
  readonly writeQueue: () => void
}

/** A play counts after 30 s, and the recorder is loaded before. */
export const wireListening = (parts: ListeningParts): Listening => {
  const { player, documents, settings, identity, log } = parts
  const changes = createQueueChanges({ ...parts, view: player.view })
  let recorder: HistoryRecorder | undefined
  let writeQueue = (): void => undefined
  const begin = async (): Promise<void> => {
    const { listeningInPage } = await import('./listening-in-page.ts')
    const keepsHistory = () => settings.view.get().keepsHistory
    ;({ recorder, writeQueue } = listeningInPage({
      ...parts,
      deviceId: identity.deviceId,
      changes,
      keepsHistory,
      clock,
      random,
      lock,
    }))
  }
  return {
    onListened: (listened) => recorder?.onListened(listened),
    history: createHistory({ documents, random }),
    writeQueue: () => writeQueue(),
    begin: () => void begin().catch(log.failed('what is kept of the listening was not loaded')),
  }
}
