import type { Track } from '@tonestead/protocol/catalog'
import type { Clock } from '../../ports/clock.ts'
import type { Readable } from '../readable.ts'
import type { SettingsStore } from '../settings/settings.ts'
import type { PlayerView } from './player.ts'

export type PlayReporterDeps = {
  readonly view: Readable<PlayerView>
  readonly settings: SettingsStore
  readonly isOnline: Readable<boolean>
  readonly clock: Clock
  /** A play that counts, whether it is told or not. */
  readonly onPlayed: (track: Track) => void
  /** Best effort: what fails is not counted. */
  readonly send: (trackId: string) => Promise<unknown>
}

/** Listened to for so long, or nearly through where it is shorter, a track has been played. */
const countedAfterMs = 30_000
const countedShare = 0.9
/** Longer pauses between two looks were sleep. */
const longestStepMs = 5_000

type Play = { readonly entryId: string; heardMs: number; isCounted: boolean }

/** Tells the server of each play once, after what was really heard of it: seeking hears nothing. */
export const startPlayReporter = (deps: PlayReporterDeps): void => {
  const { view, clock } = deps
  let before: PlayerView['state'] = { kind: 'idle' }
  let play: Play | undefined
  let lookedMs = clock.elapsedMs()

  const look = (): void => {
    const now = clock.elapsedMs()
    if (play !== undefined && before.kind === 'playing') play.heardMs += Math.min(now - lookedMs, longestStepMs)
    lookedMs = now
    count(deps, play)
    const { state } = view.get()
    play = playOf(state, before, play)
    before = state
  }
  view.subscribe(look)
  clock.every(1_000, look)
}

/** What begins at its beginning is another play, also of the same entry. */
const playOf = (state: PlayerView['state'], before: PlayerView['state'], play: Play | undefined): Play | undefined => {
  if (state.kind === 'idle') return undefined
  const isBegun = state.kind === 'loading' && state.positionMs === 0 && before.kind !== 'loading'
  return play?.entryId === state.entryId && !isBegun ? play : { entryId: state.entryId, heardMs: 0, isCounted: false }
}

const count = ({ view, settings, isOnline, onPlayed, send }: PlayReporterDeps, play: Play | undefined): void => {
  if (play === undefined || play.isCounted) return
  const { queue, tracks } = view.get()
  const trackId = queue.entries.find((entry) => entry.id === play.entryId)?.trackId
  const track = trackId === undefined ? undefined : tracks.get(trackId)
  if (track === undefined || play.heardMs < Math.min(countedAfterMs, track.durationMs * countedShare)) return
  play.isCounted = true
  onPlayed(track)
  if (settings.view.get().isPlayCountShared && isOnline.get()) void send(track.id).catch(() => undefined)
}
