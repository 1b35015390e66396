import { createLaterDevices, type LaterDevices } from './engine/devices/later-devices.ts'
import type { DocumentService } from './engine/documents/documents.ts'
import type { Library } from './engine/library/library.ts'
import type { OwnPlayer } from './engine/playback/player.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import { systemRandom as random } from './platform/system/system-random.ts'
import type { Log } from './ports/log.ts'
import type { ValueStore } from './ports/value-store.ts'

// Composition root of the devices of the account: small, as the page shows its own player until their code is loaded.

type DevicesParts = {
  readonly own: OwnPlayer
  readonly documents: DocumentService
  readonly library: Library
  readonly values: ValueStore
  readonly writeQueue: () => void
  readonly log: Log
}

/** Whether the account had several devices when this browser last looked. */
const severalName = 'several-devices'
/** The page is painted by then. */
const afterPaintMs = 1_500

export const wireDevices = (parts: DevicesParts): LaterDevices => {
  const { values, log } = parts
  const onFailure = log.failed('the devices were not loaded')
  const later = createLaterDevices(
    parts.own,
    async () => (await import('./devices-in-page.ts')).devicesInPage({ ...parts, clock, random }),
    onFailure,
  )
  const { view } = later.devices
  view.subscribe(() => {
    const now = view.get()
    if (now.kind === 'ready') void values.put(severalName, now.devices.length > 1).catch(onFailure)
  })
  // Who has several devices wants to see soon what they play.
  const beginSoon = async (): Promise<void> => {
    if ((await values.get(severalName)) !== true) return
    await clock.after(afterPaintMs, new AbortController().signal)
    later.begin()
  }
  void beginSoon().catch(onFailure)
  return later
}
