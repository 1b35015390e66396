import type { Devices } from './engine/devices/devices.ts'
import { createDevices, type TabDevicesDeps } from './engine/devices/tab/create-devices.ts'
import type { Player } from './engine/playback/player.ts'

// Composition root of the devices of the account in a tab. It is loaded after the first sound, or when somebody opens the devices.

export const devicesInPage = (
  parts: Omit<TabDevicesDeps, 'tab' | 'onLeave'>,
): { readonly player: Player; readonly devices: Devices } =>
  createDevices({
    ...parts,
    tab: crypto.randomUUID(),
    onLeave: (leave) => addEventListener('pagehide', ({ persisted }) => !persisted && leave()),
  })
