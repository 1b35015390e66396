import type { UnixMs } from '@tonestead/crdt/instant'
import type { Track } from '@tonestead/protocol/catalog'
import { z } from 'zod'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Readable } from '../readable.ts'
import type { SignedClient } from '../server/signed-client.ts'
import type { SettingsStore } from '../settings/settings.ts'
import type { PlayerView } from './player.ts'

/** A play of a track that counts. `play`: different for each play. `playedMs`: how much of it sounded. */
export type Listened = {
  readonly play: object
  readonly track: Track
  readonly startedAt: UnixMs
  readonly playedMs: number
  readonly isOver: boolean
}

export type PlayReporterDeps = {
  readonly view: Readable<PlayerView>
  readonly settings: SettingsStore
  readonly isOnline: Readable<boolean>
  readonly clock: Clock
  readonly log: Log
  /** A track was played long enough to count, whether it is reported or not. */
  readonly onPlayed: (track: Track) => void
  /** A play that counts, about every second while it goes on and once when it is over. */
  readonly onListened: (listened: Listened) => void
  /** Best effort: what fails is not counted. */
  readonly send: (trackId: string) => Promise<unknown>
}

/** Sends a play to the server. */
export const createPlaySender =
  (client: SignedClient): PlayReporterDeps['send'] =>
  (trackId) =>
    client.request(
      { method: 'POST', path: '/api/plays', body: { trackId }, signal: AbortSignal.timeout(sendLimitMs) },
      z.unknown(),
    )

const sendLimitMs = 30_000
/** A track counts as played after this time, or after this share of it where it is shorter. */
const countedAfterMs = 30_000
const countedShare = 0.9
/** A longer time between two checks was sleep of the device. */
const longestStepMs = 5_000

type Play = {
  readonly entryId: string
  readonly startedAt: UnixMs
  playedMs: number
  /** The track, as soon as the play counts. */ counted: Track | undefined
}

/** Reports each play to the server once. Only the time that really played counts: a seek adds nothing. */
export const startPlayReporter = (deps: PlayReporterDeps): void => {
  const { view, clock } = deps
  let before: PlayerView['state'] = { kind: 'idle' }
  let play: Play | undefined
  let checkedMs = clock.elapsedMs()

  const check = (): void => {
    const now = clock.elapsedMs()
    if (play !== undefined && before.kind === 'playing') play.playedMs += Math.min(now - checkedMs, longestStepMs)
    checkedMs = now
    count(deps, play)
    const { state } = view.get()
    const next = playOf({ state, before, play, now: clock.now() })
    tell(deps, play, next !== play)
    play = next
    before = state
  }
  view.subscribe(check)
  clock.every(1_000, check)
}

const tell = ({ onListened }: PlayReporterDeps, play: Play | undefined, isOver: boolean): void => {
  if (play?.counted === undefined) return
  const { counted: track, startedAt, playedMs } = play
  onListened({ play, track, startedAt, playedMs, isOver })
}

type PlayStep = {
  readonly state: PlayerView['state']
  readonly before: PlayerView['state']
  readonly play: Play | undefined
  readonly now: UnixMs
}

/** Loading from position 0 is a new play, also of the same entry. */
const playOf = ({ state, before, play, now }: PlayStep): Play | undefined => {
  if (state.kind === 'idle') return undefined
  const isBegun = state.kind === 'loading' && state.positionMs === 0 && before.kind !== 'loading'
  if (play?.entryId === state.entryId && !isBegun) return play
  return { entryId: state.entryId, startedAt: now, playedMs: 0, counted: undefined }
}

const count = ({ view, settings, isOnline, onPlayed, send, log }: PlayReporterDeps, play: Play | undefined): void => {
  if (play === undefined || play.counted !== undefined) return
  const { queue, tracks } = view.get()
  const trackId = queue.entries.find((entry) => entry.id === play.entryId)?.trackId
  const track = trackId === undefined ? undefined : tracks.get(trackId)
  if (track === undefined || play.playedMs < Math.min(countedAfterMs, track.durationMs * countedShare)) return
  play.counted = track
  onPlayed(track)
  if (settings.view.get().isPlayCountShared && isOnline.get())
    void send(track.id).catch(log.failed('a play was not reported'))
}
