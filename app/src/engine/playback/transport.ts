import type { QueueEntryId } from '@tonestead/crdt/ids'
import { currentEntry, goTo, nextEntry, type QueueEntry } from '@tonestead/crdt/queue'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Library } from '../library/library.ts'
import type { SettingsStore } from '../settings/settings.ts'
import {
  idleModel,
  statePositionMs,
  stepPlayback,
  type PlaybackEffect,
  type PlaybackEvent,
  type PlaybackModel,
} from './playback-machine.ts'
import type { PlaybackState } from './playback-state.ts'
import type { QueueState } from './queue-state.ts'
import type { DeckEvent, Loading, PlaybackDeck } from './playback-deck.ts'
import type { VolumeControl } from './volume-control.ts'

/** Carries out the effects of playback-machine.ts: moves in the queue and commands the deck. */
export type Transport = {
  readonly state: () => PlaybackState
  readonly isPlayWanted: () => boolean
  readonly positionMs: () => number
  readonly dispatch: (event: PlaybackEvent) => void
  readonly goTo: (entryId: QueueEntryId, at: { positionMs: number; isWanted: boolean }) => void
  /** Opens the next entry while the current one plays. */
  readonly prepare: (entry: QueueEntry) => void
  readonly deck: PlaybackDeck
}

export type TransportDeps = {
  readonly createDeck: (on: (event: DeckEvent) => void) => PlaybackDeck
  readonly queueState: QueueState
  readonly volume: VolumeControl
  readonly settings: SettingsStore
  readonly library: Pick<Library, 'track'>
  readonly clock: Clock
  readonly log: Log
  readonly onChange: () => void
}

/** The transport with its state. */
type Parts = TransportDeps & {
  model: PlaybackModel
  readonly deck: PlaybackDeck
  /** Tracks whose chunks are gone: their newer version is fetched before they are opened again. */
  readonly stale: Set<string>
}

export const createTransport = (deps: TransportDeps): Transport => {
  const deck = deps.createDeck((event) => onDeckEvent(parts, event))
  const parts: Parts = { ...deps, model: idleModel, deck, stale: new Set() }
  const statePosition = (): number => statePositionMs(parts.model.state, deps.clock.now())
  return {
    state: () => parts.model.state,
    isPlayWanted: () => parts.model.state.kind === 'playing' || parts.model.state.kind === 'loading',
    positionMs: () => (parts.model.state.kind === 'playing' ? (deck.positionMs() ?? statePosition()) : statePosition()),
    dispatch: (event) => dispatch(parts, event),
    goTo: (entryId, { positionMs, isWanted }) => {
      deps.queueState.set(goTo(deps.queueState.queue(), entryId))
      dispatch(parts, { kind: 'go', entryId, positionMs, isWanted })
    },
    prepare: (entry) => {
      const loading = loadingOf(deps, entry, 0)
      if (loading !== undefined) deck.prepare(loading)
    },
    deck,
  }
}

const dispatch = (parts: Parts, event: PlaybackEvent): void => {
  const step = stepPlayback(parts.model, event, parts.clock.now())
  parts.model = step.model
  for (const effect of step.effects) run(parts, effect)
  parts.onChange()
}

const run = (parts: Parts, effect: PlaybackEffect): void => {
  const { deck } = parts
  if (effect.kind === 'open') void open(parts, effect)
  else if (effect.kind === 'advance') advance(parts)
  else if (effect.kind === 'seek') deck.seek(effect.positionMs)
  else deck[effect.kind]()
}

const open = async (parts: Parts, effect: Extract<PlaybackEffect, { kind: 'open' }>): Promise<void> => {
  const entry = parts.queueState.entry(effect.entryId)
  if (entry !== undefined && parts.stale.delete(entry.trackId))
    await refresh(parts, entry).catch(parts.log.failed('a track was not refreshed'))
  const { state } = parts.model
  const isStillWanted = state.kind === 'loading' && state.entryId === effect.entryId
  const loading = entry === undefined || !isStillWanted ? undefined : loadingOf(parts, entry, state.positionMs)
  if (loading !== undefined) parts.deck.open(loading, effect.afterMs)
}

/** A track ended: the prepared one plays at once. At the end of the queue the last track is paused at its start. */
const advance = (parts: Parts): void => {
  const { queueState, deck, clock } = parts
  const next = nextEntry(queueState.queue(), 'ended')
  const entry = next ?? currentEntry(queueState.queue())
  if (entry === undefined) return void dispatch(parts, { kind: 'stop' })
  queueState.set(goTo(queueState.queue(), entry.id))
  if (next === undefined || !deck.takePrepared(next.id))
    return void dispatch(parts, { kind: 'go', entryId: entry.id, positionMs: 0, isWanted: next !== undefined })
  const state: PlaybackState = { kind: 'loading', entryId: next.id, positionMs: 0, sinceMs: clock.now() }
  parts.model = { ...idleModel, isOpen: true, state }
}

const onDeckEvent = (parts: Parts, event: DeckEvent): void => {
  const entry = currentEntry(parts.queueState.queue())
  if (event.kind === 'failed' && event.isStale && entry !== undefined) parts.stale.add(entry.trackId)
  if (event.kind === 'failed') dispatch(parts, event)
  else if (event.kind === 'playing') dispatch(parts, { kind: 'playing', positionMs: parts.deck.positionMs() ?? 0 })
  else dispatch(parts, { kind: event.kind })
}

const loadingOf = (
  { queueState, volume, settings }: TransportDeps,
  entry: QueueEntry,
  positionMs: number,
): Loading | undefined => {
  const track = queueState.trackOf(entry)
  return track === undefined
    ? undefined
    : { entryId: entry.id, track, positionMs, volume: volume.outputVolume(track), quality: settings.view.get().quality }
}

/** A chunk that is gone may mean that the recording was encoded again: the catalog has its new head. */
const refresh = async ({ library, queueState }: TransportDeps, entry: QueueEntry): Promise<void> => {
  const answer = await library.track(entry.trackId, AbortSignal.timeout(10_000))
  if (answer.kind === 'ready') queueState.updateTracks([answer.value])
}
