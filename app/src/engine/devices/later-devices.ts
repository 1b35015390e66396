import { createCell } from '../cell.ts'
import { switched } from '../derived.ts'
import { createFollower } from '../follower.ts'
import type { Player } from '../playback/player.ts'
import type { Devices, DevicesView } from './devices.ts'

export type LaterDevices = {
  /** The player of this page; as soon as the devices are loaded, that of whichever device plays. */
  readonly player: Player
  readonly devices: Devices
  readonly begin: () => void
}

/** The code of the devices is not needed for the first paint, nor for the first sound. */
export const createLaterDevices = (
  own: Player,
  load: () => Promise<{ readonly player: Player; readonly devices: Devices }>,
  onFailure: (cause: unknown) => void,
): LaterDevices => {
  const target = createCell(own)
  const view = createFollower<DevicesView>({ kind: 'starting' }, () => undefined)
  let loading: Promise<Devices> | undefined
  const loadNow = async (): Promise<Devices> => {
    const { player, devices } = await load()
    target.set(player)
    view.follow(devices.view)
    return devices
  }
  const then = (act: (devices: Devices) => void): void => void (loading ??= loadNow()).then(act).catch(onFailure)
  const commands = Object.keys(own).map((name) => [
    name,
    (...given: unknown[]): unknown =>
      (target.get() as unknown as Record<string, (...all: unknown[]) => unknown>)[name]?.(...given),
  ])
  return {
    player: { ...(Object.fromEntries(commands) as Player), view: switched(target, (player) => player.view) },
    devices: {
      view,
      look: () => then((devices) => devices.look()),
      playOn: (id) => then((devices) => devices.playOn(id)),
    },
    begin: () => then(() => undefined),
  }
}
