import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Clock } from '../../../ports/clock.ts'
import type { Log } from '../../../ports/log.ts'
import type { Random } from '../../../ports/random.ts'
import type { Replica } from '../../replica/replica.ts'
import type { CommandBook } from '../token/command-book.ts'
import type { Order, TakeAnswer } from '../messages/tab-messages.ts'
import type { TokenModel } from '../token/token-model.ts'
import type { HeardDevice, Reported } from './devices-board.ts'

export type DevicesPartDeps = {
  readonly replica: Pick<Replica, 'sendLive' | 'onLive' | 'onChange' | 'show' | 'edit' | 'membership'>
  readonly personal: CollectionId
  readonly account: AccountId
  readonly self: DeviceId
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** A question of a tab that waits for the token. */
type WaitingTake = { readonly id: string; readonly tab: string; readonly answer: (answer: TakeAnswer) => void }

/** The state of the leader's part for devices. */
export type DevicesContext = DevicesPartDeps & {
  readonly run: string
  model: TokenModel
  isOnline: boolean
  readonly tabs: Map<string, Reported>
  /** The tab that plays, or did last. */
  activeTab: string | undefined
  readonly others: Map<DeviceId, HeardDevice>
  takes: WaitingTake[]
  /** Who had the token before this device. */
  holderBefore: DeviceId | undefined
  orders: Order[]
  lastOrder: number
  lastSaidMs: number
  /** The own report has changed since it was said. */
  isDirty: boolean
  /** Since when the player is being paused. */
  pausingSinceMs: number | undefined
  readonly book: CommandBook
  readonly listeners: Set<(key: string) => void>
  /** Stops the short timer, while something waits for an answer. */
  stopBusy: (() => void) | undefined
}
