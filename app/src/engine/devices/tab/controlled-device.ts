import type { Clock } from '../../../ports/clock.ts'
import { createCell, type Cell } from '../../cell.ts'
import type { Player } from '../../playback/player.ts'
import type { Readable } from '../../readable.ts'
import type { KnownDevice } from '../devices.ts'
import type { PlayerAction, PlayerReport } from '../messages/player-report.ts'
import type { DevicesLink } from './devices-link.ts'
import { positionIn } from './remote-view.ts'

/** What a command will have changed is shown at once, and for this long unless the device has said what it does. */
const expectForMs = 700

/** The device that plays elsewhere, as it was heard last, with what was asked of it. */
type Controlled = {
  readonly device: KnownDevice
  readonly report: PlayerReport
  readonly atMs: number
}

export type ControlledDevice = {
  /** Undefined while this page shows its own player. */
  readonly current: Readable<Controlled | undefined>
  readonly positionMs: () => number
  readonly command: (action: PlayerAction, expect?: (report: PlayerReport) => PlayerReport) => void
}

type Dependencies = {
  readonly player: Pick<Player, 'view'>
  readonly link: DevicesLink
  readonly clock: Clock
  /** A command was not obeyed. */
  readonly onRefused: (device: KnownDevice) => void
}

export const createControlledDevice = ({ player, link, clock, onRefused }: Dependencies): ControlledDevice => {
  const current: Cell<Controlled | undefined> = createCell<Controlled | undefined>(undefined)
  let expectedUntilMs = 0
  const update = (): void => {
    const found = isOn(player) ? undefined : deviceElsewhere(link)
    if (found?.device.id === current.get()?.device.id && clock.elapsedMs() < expectedUntilMs) return
    current.set(found)
  }
  link.board.subscribe(update)
  player.view.subscribe(update)
  update()
  const positionMs = (): number => {
    const now = current.get()
    return now === undefined ? 0 : positionIn(now.report, now.atMs, clock)
  }
  return {
    current,
    positionMs,
    command: (action, expect) => {
      const now = current.get()
      if (now === undefined) return
      if (expect !== undefined) {
        expectedUntilMs = clock.elapsedMs() + expectForMs
        const report = expect({ ...now.report, positionMs: positionMs() })
        current.set({ ...now, report, atMs: clock.elapsedMs() })
      }
      void link.command(now.device.id, action).then((answer) => answer === 'done' || onRefused(now.device))
    },
  }
}

const isOn = ({ view }: Pick<Player, 'view'>): boolean => {
  const { kind } = view.get().state
  return kind === 'playing' || kind === 'loading'
}

/** The holder of the token, when it is another device that is reached and has something to play. */
const deviceElsewhere = ({ board }: DevicesLink): Controlled | undefined => {
  const known = board.get()
  const device = known?.devices.find(({ isHolder }) => isHolder)
  if (known === undefined || device?.reach !== 'reached' || device.report?.entryId === undefined) return undefined
  return { device, report: device.report, atMs: known.atMs }
}
