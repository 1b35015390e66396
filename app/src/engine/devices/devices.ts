import type { Player } from '../playback/player.ts'
import type { Readable } from '../readable.ts'
import type { PlayerReport } from './messages/player-report.ts'

/** A device of the account. `away`: it was not heard for a while, or never; `report` is what it did last. */
export type KnownDevice = {
  readonly id: string
  readonly name: string
  readonly isSelf: boolean
  readonly isHolder: boolean
  readonly reach: 'here' | 'reached' | 'away'
  readonly report?: PlayerReport | undefined
}

/** `controlled`: the device whose player this page shows and controls; undefined: its own. */
export type DevicesView =
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'ready'
      readonly isOnline: boolean
      readonly devices: readonly KnownDevice[]
      readonly controlled: KnownDevice | undefined
    }

/** The devices of the account as the page shows them. `player`: of whichever device plays. */
export type LoadedDevices = {
  readonly player: Player
  readonly view: Readable<DevicesView>
  /** Asks the others what they do. */
  readonly look: () => void
  /** Moves playback to a device: to this one, or to another that is asked to take it. */
  readonly playOn: (id: string) => void
}

/** The devices, whose code is loaded when it is wanted. */
export type LaterDevices = {
  readonly loaded: Readable<LoadedDevices | undefined>
  readonly load: () => void
  /** `true`: the account had several devices when this browser last looked. Who has several wants to see soon what they play. */
  readonly isWanted: () => Promise<unknown>
}

/** The value under which that is kept. */
export const severalDevicesName = 'several-devices'
