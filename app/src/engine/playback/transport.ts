import type { QueueEntryId } from '@tonestead/crdt/ids'
import { currentEntry, goTo, nextEntry, type QueueEntry } from '@tonestead/crdt/queue'
import type { Clock } from '../../ports/clock.ts'
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
import type { DeckEvent, Loading, SoundDeck } from './sound-deck.ts'
import type { VolumeControl } from './volume-control.ts'

/** Carries out what the playback table decides: between the queue and the deck. */
export type Transport = {
  readonly state: () => PlaybackState
  readonly isPlayWanted: () => boolean
  readonly positionMs: () => number
  readonly dispatch: (event: PlaybackEvent) => void
  readonly goTo: (entryId: QueueEntryId, at: { positionMs: number; isWanted: boolean }) => void
  /** Makes the next entry ready beside the current one. */
  readonly prepare: (entry: QueueEntry) => void
  readonly deck: SoundDeck
}

export type TransportDeps = {
  readonly createDeck: (on: (event: DeckEvent) => void) => SoundDeck
  readonly queueState: QueueState
  readonly volume: VolumeControl
  readonly settings: SettingsStore
  readonly library: Pick<Library, 'track'>
  readonly clock: Clock
  readonly onChange: () => void
}

export const createTransport = (deps: TransportDeps): Transport => {
  const { queueState, clock } = deps
  let model: PlaybackModel = idleModel
  const stale = new Set<string>()

  const apply = (effect: PlaybackEffect): void => {
    if (effect.kind === 'open') void open(effect)
    else if (effect.kind === 'advance') advance()
    else if (effect.kind === 'seek') deck.seek(effect.positionMs)
    else deck[effect.kind]()
  }

  const dispatch = (event: PlaybackEvent): void => {
    const step = stepPlayback(model, event, clock.now())
    model = step.model
    step.effects.forEach(apply)
    deps.onChange()
  }

  const open = async (effect: Extract<PlaybackEffect, { kind: 'open' }>): Promise<void> => {
    const entry = queueState.entry(effect.entryId)
    if (entry !== undefined && stale.delete(entry.trackId)) await refresh(deps, entry).catch(() => undefined)
    const { state } = model
    const isStillWanted = state.kind === 'loading' && state.entryId === effect.entryId
    const loading = entry === undefined || !isStillWanted ? undefined : loadingOf(deps, entry, state.positionMs)
    if (loading !== undefined) deck.open(loading, effect.afterMs)
  }

  /** A track ended: what was made ready plays at once; at the end of the queue the last track rests at its beginning. */
  const advance = (): void => {
    const next = nextEntry(queueState.queue(), 'ended')
    const resting = next ?? currentEntry(queueState.queue())
    if (resting === undefined) return void dispatch({ kind: 'stop' })
    queueState.set(goTo(queueState.queue(), resting.id))
    const isTaken = next !== undefined && deck.takePrepared(next.id)
    if (isTaken)
      model = {
        ...idleModel,
        isOpen: true,
        state: { kind: 'loading', entryId: next.id, positionMs: 0, sinceMs: clock.now() },
      }
    else dispatch({ kind: 'go', entryId: resting.id, positionMs: 0, isWanted: next !== undefined })
  }

  const onDeck = (event: DeckEvent): void => {
    const entry = currentEntry(queueState.queue())
    if (event.kind === 'failed' && event.isStale && entry !== undefined) stale.add(entry.trackId)
    if (event.kind === 'failed') dispatch(event)
    else
      dispatch(
        event.kind === 'sounding' ? { kind: event.kind, positionMs: deck.positionMs() ?? 0 } : { kind: event.kind },
      )
  }

  const deck = deps.createDeck(onDeck)
  const statePosition = (): number => statePositionMs(model.state, clock.now())

  return {
    state: () => model.state,
    isPlayWanted: () => model.state.kind === 'playing' || model.state.kind === 'loading',
    positionMs: () => (model.state.kind === 'playing' ? (deck.positionMs() ?? statePosition()) : statePosition()),
    dispatch,
    goTo: (entryId, { positionMs, isWanted }) => {
      queueState.set(goTo(queueState.queue(), entryId))
      dispatch({ kind: 'go', entryId, positionMs, isWanted })
    },
    prepare: (entry) => {
      const loading = loadingOf(deps, entry, 0)
      if (loading !== undefined) deck.prepare(loading)
    },
    deck,
  }
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

/** A chunk that is gone may mean that the recording was encoded anew: the catalog has its new head. */
const refresh = async ({ library, queueState }: TransportDeps, entry: QueueEntry): Promise<void> => {
  const answer = await library.track(entry.trackId, AbortSignal.timeout(10_000))
  if (answer.kind === 'ready') queueState.learn([answer.value])
}
