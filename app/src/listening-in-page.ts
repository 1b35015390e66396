import { severalDevicesName, type LoadedDevices } from './engine/devices/devices.ts'
import { createDevices, type TabDevicesDeps } from './engine/devices/tab/create-devices.ts'
import {
  createHistoryRecorder,
  type HistoryRecorder,
  type HistoryRecorderDeps,
} from './engine/listening/history-recorder.ts'
import { startPositionMirror, type PositionMirrorDeps } from './engine/listening/position-mirror.ts'
import { startQueueMirror, type QueueMirrorDeps } from './engine/listening/queue-mirror.ts'
import type { OwnPlayer } from './engine/playback/player.ts'

// What of the listening is written into documents, and the other devices of the account. One file, as two would share parts with the first paint.
// Loaded when nobody waits for the network, or when somebody opens the devices.

type ListeningDeps = Omit<QueueMirrorDeps & HistoryRecorderDeps & PositionMirrorDeps, 'view' | 'positionMs'> &
  Pick<TabDevicesDeps, 'library'> & { readonly player: OwnPlayer }

/** Starts to write queue and position, and to hear of other devices; what was listened to goes to the recorder. */
export const listeningInPage = ({
  player,
  ...deps
}: ListeningDeps): { readonly recorder: HistoryRecorder; readonly devices: LoadedDevices } => {
  const recorder = createHistoryRecorder(deps)
  const { writeNow } = startQueueMirror({ ...deps, view: player.view })
  startPositionMirror({ ...deps, view: player.view, positionMs: () => player.positionMs() })
  recorder.begin()
  return { recorder, devices: startDevices({ ...deps, own: player, writeQueue: writeNow }) }
}

type DevicesDeps = Omit<TabDevicesDeps, 'tab' | 'onLeave'> & Pick<QueueMirrorDeps, 'values'>

const startDevices = ({ values, ...deps }: DevicesDeps): LoadedDevices => {
  const devices = createDevices({
    ...deps,
    tab: crypto.randomUUID(),
    onLeave: (leave) => addEventListener('pagehide', ({ persisted }) => !persisted && leave()),
  })
  let hadSeveral: boolean | undefined
  devices.view.subscribe(() => {
    const view = devices.view.get()
    if (view.kind !== 'ready' || view.devices.length > 1 === hadSeveral) return
    hadSeveral = view.devices.length > 1
    void values.put(severalDevicesName, hadSeveral).catch(deps.log.failed('the number of devices was not kept'))
  })
  return devices
}
