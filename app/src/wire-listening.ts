import type { ServerId } from '@tonestead/crdt/ids'
import { createCell } from './engine/cell.ts'
import { severalDevicesName, type LaterDevices, type LoadedDevices } from './engine/devices/devices.ts'
import { createFollowingPlayer } from './engine/devices/following-player.ts'
import type { DocumentService } from './engine/documents/documents.ts'
import type { HistoryRecorder } from './engine/listening/history-recorder.ts'
import type { History } from './engine/listening/history.ts'
import { createLaterHistory } from './engine/listening/later-history.ts'
import { createQueueChanges } from './engine/listening/queue-changes.ts'
import type { Library } from './engine/library/library.ts'
import type { OwnPlayer, Player } from './engine/playback/player.ts'
import type { Readable } from './engine/readable.ts'
import type { SettingsStore } from './engine/settings/settings.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import { systemRandom as random } from './platform/system/system-random.ts'
import { webTabLock as lock } from './platform/system/web-tab-lock.ts'
import type { DeviceIdentity } from './ports/device-store.ts'
import type { Log } from './ports/log.ts'
import type { ValueStore } from './ports/value-store.ts'

// Composition root of what the page keeps of listening in documents: queue, position, history; and of the other devices that play.

type ListeningParts = {
  /** Whose saved queue is restored. */
  readonly player: OwnPlayer
  readonly library: Library
  readonly documents: DocumentService
  readonly serverId: Readable<ServerId | undefined>
  readonly settings: SettingsStore
  readonly identity: DeviceIdentity
  readonly values: ValueStore
  readonly log: Log
}
export type Listening = {
  readonly onListened: HistoryRecorder['onListened']
  readonly history: History
  /** Called when nobody waits for the network: documents are read and written from then on. */
  readonly begin: () => void
  readonly devices: LaterDevices
  /** The player of this page, and from then on that of whichever device plays. */
  readonly shown: Player
}

/** A play counts after 30 s, and the recorder is loaded before. */
export const wireListening = (parts: ListeningParts): Listening => {
  const { player, documents, settings, identity, values, log } = parts
  const changes = createQueueChanges({ ...parts, view: player.view })
  const loaded = createCell<LoadedDevices | undefined>(undefined)
  const shown = createCell<Player>(player)
  let recorder: HistoryRecorder | undefined
  let isBegun = false
  const load = async (): Promise<void> => {
    const { listeningInPage } = await import('./listening-in-page.ts')
    const keepsHistory = () => settings.view.get().keepsHistory
    const begun = listeningInPage({ ...parts, deviceId: identity.deviceId, changes, keepsHistory, clock, random, lock })
    recorder = begun.recorder
    loaded.set(begun.devices)
    shown.set(begun.devices.player)
  }
  const begin = (): void => {
    if (!isBegun) void load().catch(log.failed('what is kept of the listening was not loaded'))
    isBegun = true
  }
  return {
    onListened: (listened) => recorder?.onListened(listened),
    history: createLaterHistory(
      async () => (await import('./engine/listening/create-history.ts')).createHistory({ documents, random }),
      log,
    ),
    begin,
    devices: { loaded, load: begin, isWanted: () => values.get(severalDevicesName) },
    shown: createFollowingPlayer(shown),
  }
}
