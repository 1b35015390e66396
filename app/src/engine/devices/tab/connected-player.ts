import type { Clock } from '../../../ports/clock.ts'
import { createCell } from '../../cell.ts'
import type { Player, PlayerView } from '../../playback/player.ts'
import type { AccountQueue } from './account-queue.ts'
import type { ControlledDevice } from './controlled-device.ts'
import { remoteViewOf, wantedTracks } from './remote-view.ts'

type Dependencies = {
  readonly own: Player
  readonly controlled: ControlledDevice
  readonly queue: AccountQueue
  readonly clock: Clock
  /** Does this as soon as this device may sound. Undefined: nobody has to be asked. */
  readonly whenMine: (start: () => void) => void
  /** A wish to sound here is waiting for another device. */
  readonly isWaiting: () => boolean
  readonly onWaiting: (listener: () => void) => void
  readonly stopWaiting: () => void
}

/** [DV5] One player for the page: its own, or that of the device that plays. */
export const createConnectedPlayer = (deps: Dependencies): Player => {
  const { own, controlled, queue } = deps
  const view = createCell(viewNow(deps))
  const update = (): void => {
    const remote = controlled.current.get()
    if (remote !== undefined) void queue.want(wantedTracks(remote.report, queue.queue.get()))
    view.set(viewNow(deps))
  }
  for (const source of [own.view, controlled.current, queue.queue, queue.tracks]) source.subscribe(update)
  deps.onWaiting(update)
  update()
  return {
    view,
    positionMs: () => (controlled.current.get() === undefined ? own.positionMs() : controlled.positionMs()),
    ...transportOf(deps),
    ...volumeOf(deps),
    ...queueOf(deps),
  }
}

const viewNow = ({ own, controlled, queue, clock, isWaiting }: Dependencies): PlayerView => {
  const remote = controlled.current.get()
  const view =
    remote === undefined
      ? own.view.get()
      : remoteViewOf(remote.report, queue, { clock, positionMs: controlled.positionMs() })
  const { state } = view
  if (!isWaiting() || state.kind === 'idle') return view
  const positionMs = remote === undefined ? own.positionMs() : controlled.positionMs()
  return { ...view, state: { kind: 'loading', entryId: state.entryId, positionMs, sinceMs: clock.now() } }
}

const isOn = ({ state }: PlayerView): boolean => state.kind === 'playing' || state.kind === 'loading'

const transportOf = (deps: Dependencies) => {
  const { own, controlled, whenMine, isWaiting, stopWaiting } = deps
  const isElsewhere = (): boolean => controlled.current.get() !== undefined
  const play = (): void => {
    if (isElsewhere()) controlled.command({ kind: 'play' }, (report) => ({ ...report, state: 'playing' }))
    else whenMine(() => own.play())
  }
  const pause = (): void => {
    if (isWaiting()) stopWaiting()
    else if (isElsewhere()) controlled.command({ kind: 'pause' }, (report) => ({ ...report, state: 'paused' }))
    else own.pause()
  }
  /** Whatever begins to sound here asks first; the other player is told. */
  const go = (kind: 'next' | 'previous'): void => {
    if (isElsewhere()) controlled.command({ kind })
    else whenMine(() => own[kind]())
  }
  return {
    play,
    pause,
    toggle: (): void => (isWaiting() || isOn(viewNow(deps)) ? pause() : play()),
    next: (): void => go('next'),
    previous: (): void => go('previous'),
    playTracks: (start: Parameters<Player['playTracks']>[0]): void => whenMine(() => own.playTracks(start)),
    seek: (positionMs: number): void => {
      const at = Math.max(0, Math.round(positionMs))
      if (isElsewhere())
        controlled.command({ kind: 'seek', positionMs: at }, (report) => ({ ...report, positionMs: at }))
      else own.seek(positionMs)
    },
    jumpTo: (id: Parameters<Player['jumpTo']>[0]): void => {
      if (isElsewhere()) controlled.command({ kind: 'jumpTo', entryId: id })
      else whenMine(() => own.jumpTo(id))
    },
  }
}

const volumeOf = ({ own, controlled }: Dependencies) => ({
  setVolume: (volume: number): void => {
    const set = Math.max(0, Math.min(1, volume))
    if (controlled.current.get() === undefined) own.setVolume(volume)
    else
      controlled.command({ kind: 'setVolume', volume: set }, (report) => ({ ...report, volume: set, isMuted: false }))
  },
  setMuted: (isMuted: boolean): void => {
    if (controlled.current.get() === undefined) own.setMuted(isMuted)
    else controlled.command({ kind: 'setMuted', isMuted }, (report) => ({ ...report, isMuted }))
  },
})

type QueueCommands = Pick<
  Player,
  'setShuffle' | 'setRepeat' | 'playNext' | 'addToQueue' | 'remove' | 'move' | 'clearUpcoming' | 'extendContext'
>

/** A command carries at most this many tracks. */
const mostTracks = 200

const queueOf = ({ own, controlled }: Dependencies): QueueCommands => {
  const either = (here: () => void, action: Parameters<ControlledDevice['command']>[0]): void => {
    if (controlled.current.get() === undefined) here()
    else controlled.command(action)
  }
  const idsOf = (tracks: Parameters<Player['playNext']>[0]) => tracks.slice(0, mostTracks).map(({ id }) => id)
  return {
    // The device that plays does this for itself.
    extendContext: (more) => {
      if (controlled.current.get() === undefined) own.extendContext(more)
    },
    setShuffle: (isShuffled) => either(() => own.setShuffle(isShuffled), { kind: 'setShuffle', isShuffled }),
    setRepeat: (repeat) => either(() => own.setRepeat(repeat), { kind: 'setRepeat', repeat }),
    playNext: (tracks) => either(() => own.playNext(tracks), { kind: 'playNext', trackIds: idsOf(tracks) }),
    addToQueue: (tracks) => either(() => own.addToQueue(tracks), { kind: 'addToQueue', trackIds: idsOf(tracks) }),
    remove: (id) => either(() => own.remove(id), { kind: 'remove', entryId: id }),
    move: (id, toIndex) => either(() => own.move(id, toIndex), { kind: 'move', entryId: id, toIndex }),
    clearUpcoming: () => either(() => own.clearUpcoming(), { kind: 'clearUpcoming' }),
  }
}
