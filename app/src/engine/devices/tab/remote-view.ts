import { parseQueueEntryId, parseTrackId, type TrackId } from '@tonestead/crdt/ids'
import { parseDurationMs } from '@tonestead/crdt/instant'
import { currentIndex, nextEntry, type Queue } from '@tonestead/crdt/queue'
import type { Clock } from '../../../ports/clock.ts'
import type { PlaybackState } from '../../playback/playback-state.ts'
import type { PlayerView } from '../../playback/player.ts'
import type { PlayerReport } from '../messages/player-report.ts'
import type { AccountQueue } from './account-queue.ts'

/** Tracks of this many entries from the current one on are fetched. */
const shownEntries = 100

/** Where a report is now. `atMs`: when it came, monotonic. */
export const positionIn = (report: PlayerReport, atMs: number, clock: Pick<Clock, 'elapsedMs'>): number =>
  report.state === 'playing'
    ? Math.min(report.durationMs, report.positionMs + Math.max(0, clock.elapsedMs() - atMs))
    : report.positionMs

/** The player of another device, as this page shows it: its report, with the queue of the account. */
export const remoteViewOf = (
  report: PlayerReport,
  { queue, tracks }: AccountQueue,
  { clock, positionMs }: { readonly clock: Clock; readonly positionMs: number },
): PlayerView => {
  const shown = queueAt(queue.get(), report.entryId)
  return {
    state: stateOf(report, clock, positionMs),
    queue: shown,
    tracks: tracks.get(),
    current: report.trackId === undefined ? undefined : tracks.get().get(report.trackId),
    durationMs: report.durationMs,
    volume: report.volume,
    isMuted: report.isMuted,
    streamInfo: undefined,
    hasNext: nextEntry(shown, 'command') !== undefined,
    hasPrevious: true,
  }
}

/** The document follows the player a moment later. */
export const queueAt = (queue: Queue, entryId: string | undefined): Queue => {
  const currentId = queue.entries.find(({ id }) => id === entryId)?.id
  return currentId === undefined ? queue : { ...queue, currentId }
}

const stateOf = (report: PlayerReport, clock: Clock, at: number): PlaybackState => {
  if (report.entryId === undefined) return { kind: 'idle' }
  const [entryId, positionMs] = [parseQueueEntryId(report.entryId), parseDurationMs(Math.round(at))]
  switch (report.state) {
    case 'playing':
      return { kind: 'playing', entryId, anchor: { positionMs, at: clock.now(), rate: 1 } }
    case 'loading':
      return { kind: 'loading', entryId, positionMs, sinceMs: clock.now() }
    case 'idle':
    case 'paused':
    case 'failed':
      return { kind: 'paused', entryId, positionMs }
  }
}

/** The tracks that a page needs first: the current one, then those after it. */
export const wantedTracks = (report: PlayerReport, queue: Queue): readonly TrackId[] => {
  const from = Math.max(0, currentIndex(queueAt(queue, report.entryId)))
  const ids = queue.entries.slice(from, from + shownEntries).map(({ trackId }) => trackId)
  return [...new Set([...(report.trackId === undefined ? [] : [parseTrackId(report.trackId)]), ...ids])]
}
