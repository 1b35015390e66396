import type { Queue } from '@tonestead/crdt/queue'
import type { Clock } from '../../../ports/clock.ts'
import type { Player } from '../../playback/player.ts'
import { aroundCurrent } from '../../playback/queue-persistence.ts'
import { isPlaying, type PlayerReport } from '../messages/player-report.ts'
import type { DevicesLink } from './devices-link.ts'

/** A position this far from the expected one was sought. */
const soughtMs = 700
/** A tab that plays is known to be there by its reports. */
const reportEveryMs = 5_000

/** Tells two queues apart well enough to know when a document shows the one that was written. Which entry plays is not in it: the document says that later. */
export const queueMarkOf = (queue: Queue): string => {
  const { entries, repeat, isShuffled } = aroundCurrent(queue)
  return [entries.length, entries[0]?.id ?? '', entries.at(-1)?.id ?? '', repeat, isShuffled ? 's' : ''].join('/')
}

type Dependencies = {
  readonly player: Pick<Player, 'view' | 'positionMs'>
  readonly link: Pick<DevicesLink, 'report' | 'board'>
  readonly clock: Clock
}

/** [DV2] Reports the player of this tab to the leader: what changes, not that the music goes on. */
export const reportPlayer = ({ player, link, clock }: Dependencies): void => {
  let last: { readonly report: PlayerReport; readonly atMs: number; readonly run: string } | undefined
  const look = (): void => {
    const run = link.board.get()?.run
    if (run === undefined) return
    const [report, atMs] = [reportOf(player), clock.elapsedMs()]
    const isDue = isPlaying(report) && atMs - (last?.atMs ?? 0) >= reportEveryMs
    if (last?.run === run && !isDue && isAsExpected(last, report, atMs)) return
    last = { report, atMs, run }
    link.report(report)
  }
  player.view.subscribe(look)
  link.board.subscribe(look)
  clock.every(1_000, look)
  look()
}

const isAsExpected = (
  { report: before, atMs: beforeMs }: { readonly report: PlayerReport; readonly atMs: number },
  report: PlayerReport,
  atMs: number,
): boolean => {
  const expected = before.positionMs + (before.state === 'playing' ? atMs - beforeMs : 0)
  if (Math.abs(report.positionMs - expected) > soughtMs) return false
  return JSON.stringify({ ...report, positionMs: 0 }) === JSON.stringify({ ...before, positionMs: 0 })
}

const reportOf = ({ view, positionMs }: Pick<Player, 'view' | 'positionMs'>): PlayerReport => {
  const { state, current, queue, durationMs, volume, isMuted } = view.get()
  return {
    state: state.kind,
    ...(state.kind === 'idle' ? {} : { entryId: state.entryId }),
    ...(current === undefined ? {} : { trackId: current.id, title: current.title.slice(0, 300) }),
    positionMs: Math.max(0, Math.round(positionMs())),
    ...{ durationMs, volume, isMuted, queueMark: queueMarkOf(queue) },
  }
}
