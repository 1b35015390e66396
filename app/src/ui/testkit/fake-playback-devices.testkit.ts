import type { DevicesView, KnownDevice, LaterDevices, LoadedDevices } from '../../engine/devices/devices.ts'
import type { Player } from '../../engine/playback/player.ts'
import type { PlayerReport } from '../../engine/devices/messages/player-report.ts'
import { createStore } from '../state/store.ts'

const report: PlayerReport = {
  state: 'playing',
  ...{ title: 'River in the dark', positionMs: 61_000, durationMs: 212_000 },
  ...{ volume: 1, isMuted: false, queueMark: '' },
}
const others: readonly KnownDevice[] = [
  { id: 'device-1', name: 'Safari on iPhone', isSelf: false, isHolder: true, reach: 'reached', report },
  { id: 'device-2', name: 'Firefox on Linux', isSelf: false, isHolder: false, reach: 'away', report },
  {
    id: 'device-3',
    name: 'A device with a very long name in the room under the roof',
    isSelf: false,
    isHolder: false,
    reach: 'reached',
  },
]

/** This device and three others, one of which plays and one of which is away. */
export const createFakePlayback = (player: Player, isAlone: boolean): LaterDevices => {
  const self: KnownDevice = { id: 'device-0', name: 'Chrome on Linux', isSelf: true, isHolder: isAlone, reach: 'here' }
  const view = createStore<DevicesView>({
    ...{ kind: 'ready', isOnline: true, controlled: undefined },
    devices: isAlone ? [self] : [self, ...others],
  })
  const loaded = createStore<LoadedDevices | undefined>({
    player,
    view,
    look: () => undefined,
    playOn: (id) =>
      view.change((now) =>
        now.kind === 'ready'
          ? { ...now, devices: now.devices.map((device) => ({ ...device, isHolder: device.id === id })) }
          : now,
      ),
  })
  return { loaded, load: () => undefined, isWanted: () => Promise.resolve(true) }
}
