import { parseQueueEntryId, parseTrackId } from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import type { Player } from '../../playback/player.ts'
import type { Order } from '../messages/tab-messages.ts'
import type { AccountQueue } from './account-queue.ts'

type Action = Order['action']
type Obeying = {
  readonly own: Player
  readonly queue: AccountQueue
  /** Playback moves to this device. */
  readonly takeOver: () => void
}

/** Does what another device, or another tab of this one, asks of the player here. */
export const obeyOrder = async ({ own, queue, takeOver }: Obeying, action: Action): Promise<void> => {
  switch (action.kind) {
    case 'yield':
      return void own.pause()
    case 'takeOver':
      return void takeOver()
    case 'seek':
      return void own.seek(action.positionMs)
    case 'setVolume':
      return void own.setVolume(action.volume)
    case 'setMuted':
      return void own.setMuted(action.isMuted)
    case 'playNext':
    case 'addToQueue':
      return void own[action.kind](await tracksOf(queue, action.trackIds))
    default:
      return void changeQueue(own, action)
  }
}

type QueueAction = Exclude<
  Action,
  { kind: 'yield' | 'takeOver' | 'seek' | 'setVolume' | 'setMuted' | 'playNext' | 'addToQueue' }
>

const changeQueue = (own: Player, action: QueueAction): void => {
  switch (action.kind) {
    case 'setShuffle':
      return void own.setShuffle(action.isShuffled)
    case 'setRepeat':
      return void own.setRepeat(action.repeat)
    case 'jumpTo':
    case 'remove':
      return void own[action.kind](parseQueueEntryId(action.entryId))
    case 'move':
      return void own.move(parseQueueEntryId(action.entryId), action.toIndex)
    default:
      return void own[action.kind]()
  }
}

const tracksOf = async (queue: AccountQueue, given: readonly string[]): Promise<readonly Track[]> => {
  const ids = given.map(parseTrackId)
  await queue.want(ids)
  return ids.flatMap((id) => queue.tracks.get().get(id) ?? [])
}
