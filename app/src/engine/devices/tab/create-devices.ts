import type { Track } from '@tonestead/protocol/catalog'
import type { Clock } from '../../../ports/clock.ts'
import type { Log } from '../../../ports/log.ts'
import type { Random } from '../../../ports/random.ts'
import { createCell } from '../../cell.ts'
import type { DocumentService } from '../../documents/documents.ts'
import type { Library } from '../../library/library.ts'
import type { OwnPlayer } from '../../playback/player.ts'
import type { DevicesView, LoadedDevices } from '../devices.ts'
import { isPlaying, type PlayerReport } from '../messages/player-report.ts'
import { createAccountQueue, type AccountQueue } from './account-queue.ts'
import { createConnectedPlayer } from './connected-player.ts'
import { createControlledDevice, type ControlledDevice } from './controlled-device.ts'
import { createDevicesLink, type DevicesLink } from './devices-link.ts'
import { obeyOrder } from './obey-order.ts'
import { queueAt } from './remote-view.ts'
import { reportPlayer } from './report-player.ts'

export type TabDevicesDeps = {
  readonly documents: DocumentService
  readonly library: Pick<Library, 'tracksById'>
  readonly own: OwnPlayer
  readonly tab: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Writes the queue into its document now. */
  readonly writeQueue: () => void
  readonly onLeave: (leave: () => void) => void
}

/** A wish to sound here that waits for another device. */
type Wish = { readonly stop: AbortController }
type Parts = TabDevicesDeps & {
  readonly link: DevicesLink
  readonly controlled: ControlledDevice
  readonly queue: AccountQueue
  wish: Wish | undefined
  readonly notify: () => void
}

/** The devices of the account in one tab, and the player that the page uses from now on. */
export const createDevices = (deps: TabDevicesDeps): LoadedDevices => {
  const { own, clock, log, documents } = deps
  const queue = createAccountQueue(deps)
  const link = createDevicesLink({
    ...deps,
    leader: documents,
    onOrder: ({ action }) => {
      void obeyOrder({ own, queue, takeOver: () => void moveHere(parts) }, action).catch(log.failed('an order failed'))
      // Whoever asked shows what is in the document.
      deps.writeQueue()
    },
  })
  const onRefused = (): void => log.info('another device did not do what it was asked')
  const controlled = createControlledDevice({ player: own, link, clock, onRefused })
  const listeners = new Set<() => void>()
  const notify = (): void => listeners.forEach((listener) => listener())
  const parts: Parts = { ...deps, link, controlled, queue, wish: undefined, notify }
  reportPlayer({ player: own, link, clock })
  deps.onLeave(link.leave)
  const player = createConnectedPlayer({
    ...{ own, controlled, queue, clock },
    whenMine: (start) => void whenMine(parts, start),
    isWaiting: () => parts.wish !== undefined,
    onWaiting: (listener) => void listeners.add(listener),
    stopWaiting: () => parts.wish?.stop.abort(),
  })
  return {
    player,
    view: viewOf(parts),
    look: link.look,
    playOn: (id) => {
      if (link.board.get()?.self === id) void moveHere(parts)
      else void link.command(id, { kind: 'takeOver' }).then((answer) => answer === 'done' || onRefused())
    },
  }
}

const viewOf = ({ link, controlled }: Parts): LoadedDevices['view'] => {
  const now = (): DevicesView => {
    const board = link.board.get()
    if (board === undefined) return { kind: 'starting' }
    const { isOnline, devices } = board
    return { kind: 'ready', isOnline, devices, controlled: controlled.current.get()?.device }
  }
  const view = createCell(now())
  for (const source of [link.board, controlled.current]) source.subscribe(() => view.set(now()))
  return view
}

/** [DV6] While another device that is reached has the token, it is asked first; otherwise nothing is waited for, and the leader is told by what the player does. */
const whenMine = async (parts: Parts, start: () => void): Promise<void> => {
  const { link } = parts
  const holder = link.board.get()?.devices.find(({ isHolder }) => isHolder)
  if (holder?.reach !== 'reached') return void start()
  const granted = await takeToken(parts)
  if (granted !== 'withdrawn') start()
}

/** [DV6] A leader that does not answer does not keep the music from sounding. */
const takeToken = async (parts: Parts): Promise<'granted' | 'withdrawn'> => {
  parts.wish?.stop.abort()
  const wish: Wish = { stop: new AbortController() }
  parts.wish = wish
  parts.notify()
  try {
    const answer = await parts.link.take(wish.stop.signal)
    return answer?.kind ?? 'granted'
  } catch (cause) {
    if (!wish.stop.signal.aborted) throw cause
    return 'withdrawn'
  } finally {
    if (parts.wish === wish) parts.wish = undefined
    parts.notify()
  }
}

/** [DV7] Playback goes on here where it was: the same queue, entry and position, playing or paused as it was. */
const moveHere = async (parts: Parts): Promise<void> => {
  const { link } = parts
  const board = link.board.get()
  const holder = board?.devices.find(({ isHolder }) => isHolder)
  if (board === undefined || holder?.isSelf !== false) return
  const wasPlaying = holder.report !== undefined && isPlaying(holder.report) && holder.reach === 'reached'
  if ((await takeToken(parts)) === 'withdrawn') return
  const last = link.board.get()?.devices.find(({ id }) => id === holder.id)?.report ?? holder.report
  if (last !== undefined) await adopt(parts, last, wasPlaying)
}

const adopt = async ({ own, queue, log }: Parts, last: PlayerReport, isWanted: boolean): Promise<void> => {
  const found = queueAt(await queue.showing(last.queueMark), last.entryId)
  const current = found.entries.find(({ id }) => id === found.currentId)
  if (current === undefined) return void log.info('there is no queue to go on with')
  await queue.want([current.trackId])
  const tracks = (): readonly Track[] => [...queue.tracks.get().values()]
  own.adopt(tracks(), { queue: found, positionMs: last.positionMs, isWanted })
  await queue.want(found.entries.map(({ trackId }) => trackId))
  own.adopt(tracks())
}
